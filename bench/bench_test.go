package bench_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fuyan/bench"
)

// TestRun measures little of everything. Run itself fails where the bare ones do
// not say or leave the same as the service.
func TestRun(t *testing.T) {
	t.Parallel()
	url := os.Getenv("TEST_DATABASE_URL")
	report, err := bench.Run(t.Context(), bench.Options{
		URL: url, Sizes: []int{1000}, Time: time.Nanosecond, Rounds: 1, Callers: 2, Walks: 1, Due: 200, Progress: t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[bench.Group]int{}
	for _, m := range report.Sizes[0].Measures {
		got[m.Group]++
		if m.Median <= 0 || m.AgainstMedian <= 0 || m.Ratio <= 0 || m.Times == 0 {
			t.Errorf("%s %s, %s against %s: %+v", m.Group, m.What, m.How, m.Against, m)
		}
		asked(t, m)
	}
	want := map[bench.Group]int{bench.Reads: 28 * 4 * 2, bench.Pages: 7 * 2, bench.Writes: 80, bench.Jobs: 2, bench.Letters: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("measures of each group (-want +got):\n%s", diff)
	}
	written(t, report)
	nothingLeft(t, url)
}

// asked checks what design §12 asks of a measure, and that pages are as small as it
// asks for: that does not go with the load of the machine.
func asked(t *testing.T, m bench.Measure) {
	t.Helper()
	page, alone := m.Group == bench.Pages, m.How == "×1"
	if page && (m.Bytes == 0 || m.Bytes > m.MostBytes) {
		t.Errorf("%s has %d bytes, want no more than %d", m.What, m.Bytes, m.MostBytes)
	}
	if got, want := m.MostP99 > 0, page && alone; got != want {
		t.Errorf("%s, %s asks for a p99: %t, want %t", m.What, m.How, got, want)
	}
	if got, want := m.Goal > 0, !page && (m.Group != bench.Reads || m.Against != bench.BareSQL); got != want {
		t.Errorf("%s %s against %s asks for a ratio: %t, want %t", m.Group, m.What, m.Against, got, want)
	}
}

// written checks what is printed of a report.
func written(t *testing.T, r *bench.Report) {
	t.Helper()
	var text, data bytes.Buffer
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text.String(), "\n| "); n != len(r.Sizes[0].Measures)+2 {
		t.Errorf("the table has %d lines, want one each of %d measures and two above", n, len(r.Sizes[0].Measures))
	}
	for rpc, why := range bench.Unmeasured {
		if !strings.Contains(text.String(), "\n- "+rpc+": "+why+"\n") {
			t.Errorf("the report does not say that %s is not measured", rpc)
		}
	}
	if err := r.WriteJSON(&data); err != nil {
		t.Fatal(err)
	}
	back := new(bench.Report)
	if err := json.Unmarshal(data.Bytes(), back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Errorf("read back from JSON (-want +got):\n%s", diff)
	}
}

// nothingLeft checks that the databases that were made are gone.
func nothingLeft(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var left int
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_database WHERE datname LIKE 'fuyan_bench_%'`).Scan(&left); err != nil || left > 0 {
		t.Errorf("%d databases are left (%v)", left, err)
	}
}
