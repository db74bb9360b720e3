package bench

import (
	"os"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	r, err := Run(t.Context(), Options{URL: os.Getenv("TEST_DATABASE_URL"), Sizes: []int{1000}, Time: 2 * time.Millisecond, Walks: 1, Progress: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	r.WriteText(t.Output())
}
