package bench

// OrganNamed returns what the nth organ is called, in full and in short, and what its
// letters are numbered by.
func OrganNamed(n int) (name, short string, prefixes [2]string) {
	o := named(n)
	return o.name, o.short, o.prefixes
}
