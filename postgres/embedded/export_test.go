package embedded

// Searching returns o with other places to look for binaries.
func (o Options) Searching(config string, places []string, repository string) Options {
	o.search = &search{config, places, repository}
	return o
}
