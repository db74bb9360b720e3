package bench

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// A chronicle is all that lives have in common, and what they count together.
type chronicle struct {
	*city
	almanac *almanac
	pool    *pool
	titles  [2][]string
	rnd     *rand.Rand
	ids     [len(tables)]int64
	cases   map[[2]int]int
	last    map[seriesKey]int // number of each series
	public  map[publicKey]int64
	tallies map[tallyKey]int
	words   []string // scratch
	grams   []string // scratch
}

type seriesKey struct {
	prefix string
	year   int
}

func (c *chronicle) next(t table) int64 {
	c.ids[t]++
	return c.ids[t]
}

func (c *chronicle) pick(n int) int { return c.rnd.IntN(n) }

func (c *chronicle) caseNumber(kind, year int) string {
	key := [2]int{kind, year}
	c.cases[key]++
	return fmt.Sprintf("%04d", c.cases[key])
}

func (c *chronicle) documentNumber(prefix string, year int) (int, string) {
	key := seriesKey{prefix, year}
	c.last[key]++
	n := c.last[key]
	return n, prefix + "〔" + strconv.Itoa(year) + "〕" + strconv.Itoa(n) + "号"
}
