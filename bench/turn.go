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
	name string
	do   func(context.Context) error
	took []time.Duration
}

// few is how many turns each side has at least, warm how many it has before
// that do not count: connections are made in them and statements prepared.
const (
	few  = 5
	warm = 3
)

// byTurns lets the sides work in turns, each with so many callers at once, until
// the time is up. Who begins a round changes with each, so that nobody is always
// the one who follows.
func byTurns(ctx context.Context, sides []*side, callers int, last time.Duration) error {
	for range warm {
		for _, s := range sides {
			if err := s.turn(ctx, callers); err != nil {
				return err
			}
			s.took = nil
		}
	}
	runtime.GC()
	end := time.Now().Add(last)
	for round := 0; round < few || time.Now().Before(end); round++ {
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
		s.took = append(s.took, took)
		return err
	}
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
	s.took = append(s.took, took...)
	return err
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
