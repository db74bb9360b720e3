package drill_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// TestDrillSoak has people work for a long time at half the pace that a server and a
// worker can keep. Memory must stay flat, and a write at the end take no longer than
// one after the beginning. FUYAN_SOAK says how long ("30m"); without it the drill is
// too short to say either, and looks only at what is on record.
func TestDrillSoak(t *testing.T) {
	length, long := soaking(t)
	if !long {
		t.Parallel()
	}
	random := newRandom(t)
	s := newSite(t, 1, 1)
	most := s.fastest(length/30 + time.Second)
	ticker := time.NewTicker(time.Duration(2 / most * float64(time.Second)))
	defer ticker.Stop()
	s.pace = ticker.C
	s.calls = nil
	began := time.Now()
	l := s.run(16, random)
	weighed := s.weigh(length)
	l.stop()
	t.Logf("%v at %.0f calls a second, half of the %.0f that can be made\n%s\n%s",
		length, most/2, most, s.tableOfCalls(began, length), tableOfMemory(weighed))
	s.verdict()
	if !long {
		return
	}
	for name, sizes := range weighed {
		if first, last := mean(sizes[parts/5:2*parts/5]), mean(sizes[4*parts/5:]); last > first*5/4 {
			t.Errorf("%s grew from %d to %d MB", name, first>>20, last>>20)
		}
	}
	before, after := s.writes(began, length, 1), s.writes(began, length, 4)
	if after > 3*before/2 {
		t.Errorf("a write took %v in the second fifth and %v in the last", before, after)
	}
}

// soaking is how long people work, and whether that is long enough to judge by.
func soaking(t *testing.T) (time.Duration, bool) {
	t.Helper()
	if text := os.Getenv("FUYAN_SOAK"); text != "" {
		length, err := time.ParseDuration(text)
		must(t, err)
		return length, length >= 10*time.Minute
	}
	if full() {
		return time.Minute, false
	}
	return 3 * time.Second, false
}

// fastest is how many calls a second many people get answered who never wait.
func (s *site) fastest(length time.Duration) float64 {
	s.t.Helper()
	l := s.run(16, newRandom(s.t))
	time.Sleep(length / 4) // connections are made, statements prepared
	s.mu.Lock()
	before := len(s.calls)
	s.mu.Unlock()
	time.Sleep(length)
	s.mu.Lock()
	n := len(s.calls) - before
	s.mu.Unlock()
	l.stop()
	return float64(n) / length.Seconds()
}

// parts is how often the memory of a process is read.
const parts = 30

// weigh reads how much memory the processes hold while people work.
func (s *site) weigh(length time.Duration) map[string][]int64 {
	s.t.Helper()
	sizes := map[string][]int64{}
	for range parts {
		time.Sleep(length / parts)
		sizes["server"] = append(sizes["server"], resident(s.t, s.servers[0]))
		sizes["worker"] = append(sizes["worker"], resident(s.t, s.workers[0]))
	}
	return sizes
}

// resident is how many bytes of memory a process holds that are its own.
func resident(t testing.TB, p *process) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	must(t, err)
	kilobytes := regexp.MustCompile(`RssAnon:\s+(\d+) kB`).FindSubmatch(text)
	if kilobytes == nil {
		t.Fatalf("no size in %s", text)
	}
	n, err := strconv.ParseInt(string(kilobytes[1]), 10, 64)
	must(t, err)
	return n << 10
}

func mean(sizes []int64) (sum int64) {
	for _, n := range sizes {
		sum += n
	}
	return sum / int64(max(len(sizes), 1))
}

// fifth tells in which fifth of a time that began something happened.
func fifth(at, began time.Time, length time.Duration) int {
	return min(int(5*at.Sub(began)/length), 4)
}

// times are how long the calls took, by what they were and the fifth of the time.
func (s *site) times(began time.Time, length time.Duration) map[string][5][]time.Duration {
	out := map[string][5][]time.Duration{}
	for _, c := range s.calls {
		all := out[c.what]
		all[fifth(c.began, began, length)] = append(all[fifth(c.began, began, length)], c.took)
		out[c.what] = all
	}
	return out
}

// writes is how long half of the writes took at most in a fifth of the time.
func (s *site) writes(began time.Time, length time.Duration, part int) time.Duration {
	return quantile(s.times(began, length)["writes"][part], 0.5)
}

func quantile(took []time.Duration, q float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return sorted[int(float64(len(sorted)-1)*q)].Round(10 * time.Microsecond)
}

// tableOfCalls says how long calls took, half of them and all but a hundredth, in each
// fifth of the time.
func (s *site) tableOfCalls(began time.Time, length time.Duration) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	all := s.times(began, length)
	for _, what := range slices.Sorted(maps.Keys(all)) {
		n := 0
		fmt.Fprintf(w, "%s", what)
		for _, took := range all[what] {
			n += len(took)
			fmt.Fprintf(w, "\t%v / %v", quantile(took, 0.5), quantile(took, 0.99))
		}
		fmt.Fprintf(w, "\t%d calls\n", n)
	}
	_ = w.Flush() // into a string
	return b.String()
}

func tableOfMemory(weighed map[string][]int64) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(weighed)) {
		fmt.Fprintf(&b, "%s, MB:", name)
		for _, n := range weighed[name] {
			fmt.Fprintf(&b, " %d", n>>20)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
