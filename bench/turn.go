package bench

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// A side is one of those that are measured side by side.
type side struct {
	name  string
	do    func(context.Context) error
	took  []time.Duration // by each call
	turns []time.Duration // by each turn, of all its callers together
}

// warm is how many rounds there are before that do not count: connections are made
// in them and statements prepared.
const warm = 2

// byTurns lets the sides work in turns, each with so many callers at once, until
// the time is up. Who begins a round changes with each, so that nobody is always
// the one who follows.
func (o *Options) byTurns(ctx context.Context, callers int, sides ...*side) error {
	for range warm {
		for _, s := range sides {
			if err := s.turn(ctx, callers); err != nil {
				return err
			}
			s.took, s.turns = nil, nil
		}
	}
	runtime.GC()
	end := time.Now().Add(o.Time)
	for round := 0; round < o.Rounds || time.Now().Before(end); round++ {
		for i := range sides {
			s := sides[(i+round)%len(sides)]
			if err := s.turn(ctx, callers); err != nil {
				return err
			}
		}
	}
	return nil
}

// turn has every caller call once, or where they are many twice, so that one who
// ends early does not leave the machine idle.
func (s *side) turn(ctx context.Context, callers int) error {
	if callers == 1 {
		took, err := s.once(ctx)
		s.add(took)
		return err
	}
	began := time.Now()
	const calls = 2
	took := make([]time.Duration, callers*calls)
	g, ctx := errgroup.WithContext(ctx)
	for i := range callers {
		g.Go(func() (err error) {
			for k := range calls {
				if took[i*calls+k], err = s.once(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := g.Wait()
	s.took, s.turns = append(s.took, took...), append(s.turns, time.Since(began))
	return err
}

// add adds a turn of one call.
func (s *side) add(took time.Duration) { s.took, s.turns = append(s.took, took), append(s.turns, took) }

// against is how fast the side is against another: the median over the rounds, in
// each of which the two worked one after the other. What else the machine does
// meanwhile slows both, so this is steadier than the ratio of the medians.
func (s *side) against(other *side) float64 {
	ratios := make([]float64, 0, len(s.turns))
	for i := range min(len(s.turns), len(other.turns)) {
		ratios = append(ratios, float64(other.turns[i])/float64(max(1, s.turns[i])))
	}
	if len(ratios) == 0 {
		return 0
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

func (s *side) once(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	if err := s.do(ctx); err != nil {
		return 0, fmt.Errorf("%s: %w", s.name, err)
	}
	return time.Since(began), nil
}

// quantile returns the duration below which the fraction q of them lies.
func quantile(took []time.Duration, q float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(int(math.Ceil(q*float64(len(sorted)))), len(sorted))-1]
}
