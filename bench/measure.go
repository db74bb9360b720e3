package bench

import "time"

// A Measure is one thing that was measured beside another, in the same run and by
// turns. Times are in microseconds.
type Measure struct {
	Group   Group   `json:"group"`
	What    string  `json:"what"`
	How     string  `json:"how"` // "proto ×16"
	Against Against `json:"against"`

	Median        float64 `json:"median_us"`
	P99           float64 `json:"p99_us"`
	AgainstMedian float64 `json:"against_median_us"`
	AgainstP99    float64 `json:"against_p99_us"`
	// Ratio is how fast it is against the other: 0.8 where it takes 1.25 times as
	// long. It is the median over the rounds, not the ratio of the two medians.
	Ratio float64 `json:"ratio"`
	Times int     `json:"times"` // how often it was measured

	// Goal is the least ratio, and MostP99 the longest p99 in microseconds, that the
	// design asks for; 0 where it asks for none.
	Goal    float64 `json:"goal,omitempty"`
	MostP99 float64 `json:"most_p99_us,omitempty"`
	// Bytes is how large a page is, and MostBytes how large it may be.
	Bytes     int64 `json:"bytes,omitempty"`
	MostBytes int64 `json:"most_bytes,omitempty"`
	Meets     bool  `json:"meets"`
}

// A Group is a kind of thing that is measured.
type Group string

// The groups, in the order in which they are measured.
const (
	Reads   Group = "read"
	Pages   Group = "page"
	Writes  Group = "write"
	Jobs    Group = "job"
	Letters Group = "letter"
)

// An Against is what something is measured beside.
type Against string

// What things are measured beside.
const (
	BareHandler Against = "bare handler" // of Connect, with the same SQL and nothing else
	BareSQL     Against = "bare SQL"     // the same statements on a pool of pgx
	TheRPC      Against = "its RPCs"     // that a page shows
	RiverInsert Against = "InsertManyFast"
	RiverNoop   Against = "no-op jobs"
	OurGoal     Against = "20 MB/s" // of letter text, on one core
)

// A goal is what design §12 asks for.
type goal struct {
	ratio float64
	p99   time.Duration
	bytes int64
}

// goals is the table of design §12, as far as it is measured here: of each group
// against each other side. What stands beside something else is shown, and asked
// nothing; so are the pages where many ask for one at once.
var goals = map[goalOf]goal{
	{Reads, BareHandler}: {ratio: 0.8},
	{Writes, BareSQL}:    {ratio: 0.5},
	{Jobs, RiverInsert}:  {ratio: 0.5},
	{Jobs, RiverNoop}:    {ratio: 0.5},
	{Letters, OurGoal}:   {ratio: 1},
	{Pages, TheRPC}:      {p99: 50 * time.Millisecond, bytes: 100_000},
}

type goalOf struct {
	group   Group
	against Against
}

// mostGrowth is how much longer the median of a read may take in the largest
// database than in the smallest.
const mostGrowth = 1.2

// measured is m, which says what was measured, with what its two sides took.
func (m Measure) measured(whole, other *side) Measure {
	m.Times = len(whole.took)
	m.Median, m.P99 = micros(quantile(whole.took, 0.5)), micros(quantile(whole.took, 0.99))
	m.AgainstMedian, m.AgainstP99 = micros(quantile(other.took, 0.5)), micros(quantile(other.took, 0.99))
	m.Ratio = whole.against(other)
	g := goals[goalOf{m.Group, m.Against}]
	m.Goal, m.MostBytes = g.ratio, g.bytes
	if m.How == alone {
		m.MostP99 = micros(g.p99)
	}
	m.judge()
	return m
}

// alone is how a page is asked for by one at a time.
const alone = "×1"

// judge says whether the measure is what the design asks for.
func (m *Measure) judge() {
	m.Meets = m.Ratio >= m.Goal && (m.MostP99 == 0 || m.P99 <= m.MostP99) && (m.MostBytes == 0 || m.Bytes <= m.MostBytes)
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
