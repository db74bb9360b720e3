package bench_test

import (
	"math"
	"testing"

	"fuyan/bench"
)

// TestGrowth lets a read take longer where there is more, and shorter.
func TestGrowth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		medians []float64
		grew    float64
		meets   bool
	}{
		"as long":                {[]float64{100, 300, 100}, 1, true},
		"a fifth longer":         {[]float64{100, 100, 120}, 1.2, true},
		"more than a fifth":      {[]float64{100, 100, 121}, 1.21, false},
		"shorter":                {[]float64{100, 50}, 0.5, true},
		"of one size: no growth": {[]float64{100}, 0, false},
	} {
		r := new(bench.Report)
		for _, m := range c.medians {
			r.Sizes = append(r.Sizes, bench.Size{Measures: []bench.Measure{
				{Group: bench.Reads, Against: bench.BareSQL, Median: 1},
				{Group: bench.Reads, Against: bench.BareHandler, What: "one", Median: m},
				{Group: bench.Pages, Against: bench.TheRPC, Median: 1},
			}})
		}
		r.Grow()
		if len(c.medians) == 1 {
			if len(r.Growth) > 0 {
				t.Errorf("%s: %+v", name, r.Growth)
			}
			continue
		}
		if len(r.Growth) != 1 || r.Growth[0].What != "one" || math.Abs(r.Growth[0].Ratio-c.grew) > 1e-9 || r.Growth[0].Meets != c.meets {
			t.Errorf("%s: %+v, want %v, %t", name, r.Growth, c.grew, c.meets)
		}
	}
}
