package bench

import (
	"context"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework/letter"
)

// ourPace is how long a million bytes of letter text may take to read.
const ourPace = time.Second / 20

// letters measures how long a core works to read a million bytes of the letters that
// the database holds. It counts the time that the program is given, by which one core
// is meant, and not what passes while others have the machine.
func (r *run) letters(ctx context.Context) error {
	rows, err := r.other.Query(ctx, `SELECT text FROM letters ORDER BY sha256 LIMIT 500`)
	if err != nil {
		return err
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	var took side
	for end := time.Now().Add(2 * r.o.Time); len(took.took) < r.o.Rounds || time.Now().Before(end); {
		bytes, began := 0, worked()
		for _, text := range texts {
			letter.Read(text)
			bytes += len(text)
		}
		took.add((worked() - began) * 1e6 / time.Duration(bytes))
	}
	asked := &side{}
	for range took.took {
		asked.add(ourPace)
	}
	r.add(Measure{Group: Letters, What: "read, a million bytes", How: "one core", Against: OurGoal}.measured(&took, asked))
	return nil
}

// worked is how long the cores have worked for this program, its collector of garbage
// and the calls of the system that it made with it.
func worked() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // of oneself it never fails
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
