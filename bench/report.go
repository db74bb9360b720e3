package bench

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// A Report is what a run found.
type Report struct {
	Machine  string   `json:"machine"`
	Postgres string   `json:"postgres"`
	Day      string   `json:"day"`
	Sizes    []Size   `json:"sizes"`
	Growth   []Growth `json:"growth,omitempty"`
	// Unmeasured says of each RPC that writes and is not measured why.
	Unmeasured map[string]string `json:"unmeasured"`
}

// A Size is what was measured in a database with so many proposals.
type Size struct {
	Proposals  int       `json:"proposals"`
	Rate       float64   `json:"loaded_a_second"` // proposals by COPY, without what follows
	CopiedIn   float64   `json:"copied_in_s"`
	LoadedIn   float64   `json:"loaded_in_s"` // with indexes, and until Postgres has cleaned up
	MeasuredIn float64   `json:"measured_in_s"`
	Bytes      int64     `json:"bytes"` // of the database
	Statements []Count   `json:"statements"`
	Measures   []Measure `json:"measures"`
}

func (s *Size) load(l Loaded) {
	s.CopiedIn, s.LoadedIn = l.Copy.Seconds(), (l.Copy + l.Index + l.Settle).Seconds()
	s.Rate = float64(l.Proposals) / l.Copy.Seconds()
}

// A Count is how many statements one call runs.
type Count struct {
	What       string `json:"what"`
	Statements int    `json:"statements"`
}

// Growth is how the median of one read goes with the size.
type Growth struct {
	What    string    `json:"what"`
	How     string    `json:"how"`
	Medians []float64 `json:"medians_us"` // one a size
	Ratio   float64   `json:"ratio"`      // of the last to the first
	Meets   bool      `json:"meets"`
}

// grow says how each read grew from the first size to the last.
func (r *Report) grow() {
	if len(r.Sizes) < 2 {
		return
	}
	for i, m := range r.Sizes[0].Measures {
		if m.Group != Reads || m.Against != BareHandler {
			continue
		}
		g := Growth{What: m.What, How: m.How}
		for _, s := range r.Sizes {
			g.Medians = append(g.Medians, s.Measures[i].Median)
		}
		g.Ratio = g.Medians[len(g.Medians)-1] / m.Median
		g.Meets = g.Ratio <= mostGrowth
		r.Growth = append(r.Growth, g)
	}
}

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(r)
}

// meaning is what one must know to read the tables.
const meaning = `Times are of calls over HTTP on this machine. A bare handler and bare SQL run the statements of the RPC, but not
the one by which the service finds out who calls (UserByToken). A ratio is the median over rounds in which both sides
had their turn: 0.8 takes 1.25 times as long. Letters are counted by the time of a core, all else by the clock.`

// WriteText writes the report for people, as tables in Markdown.
func (r *Report) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "%s, %s, %s.\n%s\n", r.Day, r.Machine, r.Postgres, meaning)
	for _, s := range r.Sizes {
		fmt.Fprintf(w, "\n%d proposals: copied in %.1f s (%.0f a second), ready in %.1f s, %d MB, measured in %.0f s.\n\n",
			s.Proposals, s.CopiedIn, s.Rate, s.LoadedIn, s.Bytes>>20, s.MeasuredIn)
		if err := s.write(w); err != nil {
			return err
		}
	}
	r.writeUnmeasured(w)
	return r.writeGrowth(w)
}

// writeUnmeasured writes which writes are in no table.
func (r *Report) writeUnmeasured(w io.Writer) {
	fmt.Fprint(w, "\nWrites that are not measured:\n\n")
	for _, rpc := range slices.Sorted(maps.Keys(r.Unmeasured)) {
		fmt.Fprintf(w, "- %s: %s\n", rpc, r.Unmeasured[rpc])
	}
}

func (s *Size) write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	fmt.Fprintf(t, "| what\t| how\t| median\t| p99\t| against\t| median\t| p99\t| ratio\t| times\t| goal\t| met\t|\n")
	fmt.Fprintf(t, "| ---\t| ---\t| --:\t| --:\t| ---\t| --:\t| --:\t| --:\t| --:\t| ---\t| ---\t|\n")
	for _, m := range s.Measures {
		fmt.Fprintf(t, "| %s %s\t| %s\t| %s\t| %s\t| %s\t| %s\t| %s\t| %.2f\t| %d\t| %s\t| %s\t|\n", m.Group, m.what(), m.How,
			millis(m.Median), millis(m.P99), m.Against, millis(m.AgainstMedian), millis(m.AgainstP99), m.Ratio, m.Times,
			m.asked(), m.met())
	}
	return t.Flush()
}

// what is what was measured, with its size where it is a page.
func (m *Measure) what() string {
	if m.Bytes == 0 {
		return m.What
	}
	return fmt.Sprintf("%s, %d KB", m.What, (m.Bytes+999)/1000)
}

// asked is what the design asks of a measure.
func (m *Measure) asked() string {
	var list []string
	if m.Goal > 0 {
		list = append(list, fmt.Sprintf("≥ %.1f", m.Goal))
	}
	if m.MostP99 > 0 {
		list = append(list, "p99 ≤ "+millis(m.MostP99))
	}
	if m.MostBytes > 0 {
		list = append(list, fmt.Sprintf("≤ %d KB", m.MostBytes/1000))
	}
	return cmp.Or(strings.Join(list, ", "), none)
}

// met says whether it is so, and nothing where nothing is asked.
func (m *Measure) met() string {
	if m.asked() == none {
		return none
	}
	return yes(m.Meets)
}

const none = "–"

func (r *Report) writeGrowth(w io.Writer) error {
	if len(r.Growth) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\nMedians as the data grow (goal: the last within %.0f %% of the first).\n\n", (mostGrowth-1)*100)
	t := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	fmt.Fprintf(t, "| what\t| how\t|")
	rule := "| ---\t| ---\t|"
	for _, s := range r.Sizes {
		fmt.Fprintf(t, " %d\t|", s.Proposals)
		rule += " --:\t|"
	}
	fmt.Fprintf(t, " grew\t| met\t|\n%s --:\t| ---\t|\n", rule)
	for _, g := range r.Growth {
		fmt.Fprintf(t, "| %s\t| %s\t|", g.What, g.How)
		for _, m := range g.Medians {
			fmt.Fprintf(t, " %s\t|", millis(m))
		}
		fmt.Fprintf(t, " %.2f\t| %s\t|\n", g.Ratio, yes(g.Meets))
	}
	return t.Flush()
}

func millis(micros float64) string { return fmt.Sprintf("%.2f ms", micros/1e3) }

func yes(ok bool) string {
	if ok {
		return "yes"
	}
	return "no"
}
