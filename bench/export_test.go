package bench

// OrganNamed returns what the nth organ is called, in full and in short, and what its
// letters are numbered by.
func OrganNamed(n int) (name, short string, prefixes [2]string) {
	o := named(n)
	return o.name, o.short, o.prefixes
}

// Unmeasured are the RPCs that write and are not measured, with the reasons.
var Unmeasured = unmeasured

// Measured returns the RPCs that write and are measured.
func Measured() map[string]bool {
	out := map[string]bool{}
	for _, m := range namedMoves() {
		if m.rpc != "" {
			out[m.rpc] = true
		}
	}
	return out
}

// WriteNames returns what the writes are called that are measured.
func WriteNames() []string {
	var out []string
	for _, m := range namedMoves() {
		out = append(out, m.name)
	}
	return out
}

// namedMoves are the moves of all stories that are measured.
func namedMoves() []move {
	var out []move
	for _, s := range stories {
		for _, m := range s.moves {
			if m.name != "" {
				out = append(out, m)
			}
		}
	}
	return out
}

// Grow says how each read grew, as [Run] does at its end.
func (r *Report) Grow() { r.grow() }
