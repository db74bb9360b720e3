package main

import (
	"cmp"
	"flag"
	"io"
	"os"
	"slices"
	"strconv"
)

// options are the flags. Every zero value works.
type options struct {
	listen, data, databaseURL, logFormat, smtpURL, mailFrom, webhookNetworks, files string
	metricsListen, readDatabaseURL                                                  string
	pollJobs                                                                        bool
	// of serve: who is believed, and how much one may ask
	trustedProxies string
	rate           int
	// of user add
	roles, displayName, organ, division string
	// of due
	rule, kind, from, mode string
	json                   bool
	// of bench
	proposals string
	// of calendar import
	preview       bool
	notice, years string
}

// An input is what was typed.
type input struct {
	options
	help  bool
	flags *flag.FlagSet
	wrong error    // what is wrong with the environment
	words []string // what is no flag: the command, then its arguments
}

// parse reads flags before, between and after the words.
func parse(args []string) (*input, error) {
	in := &input{flags: flag.NewFlagSet("fuyan", flag.ContinueOnError)}
	in.flags.SetOutput(io.Discard)
	in.define()
	for len(args) > 0 {
		if err := in.flags.Parse(args); err != nil {
			return nil, usage("%v; fuyan help lists the flags", err)
		}
		rest := in.flags.Args()
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			in.words = append(in.words, rest...)
			break
		}
		if len(rest) == 0 {
			break
		}
		in.words = append(in.words, rest[0])
		args = rest[1:]
	}
	return in, nil
}

func (in *input) define() {
	f := in.flags
	f.StringVar(&in.listen, "listen", cmp.Or(os.Getenv("FUYAN_LISTEN"), "localhost:8080"), "")
	f.StringVar(&in.data, "data", os.Getenv("FUYAN_DATA"), "")
	f.StringVar(&in.databaseURL, "database-url", os.Getenv("FUYAN_DATABASE_URL"), "")
	f.StringVar(&in.readDatabaseURL, "read-database-url", os.Getenv("FUYAN_READ_DATABASE_URL"), "")
	f.BoolVar(&in.pollJobs, "poll-jobs", os.Getenv("FUYAN_POLL_JOBS") == "true", "")
	f.StringVar(&in.logFormat, "log-format", cmp.Or(os.Getenv("FUYAN_LOG_FORMAT"), "text"), "")
	f.StringVar(&in.smtpURL, "smtp-url", os.Getenv("FUYAN_SMTP_URL"), "")
	f.StringVar(&in.mailFrom, "mail-from", os.Getenv("FUYAN_MAIL_FROM"), "")
	f.StringVar(&in.webhookNetworks, "webhook-networks", os.Getenv("FUYAN_WEBHOOK_NETWORKS"), "")
	f.StringVar(&in.files, "files", os.Getenv("FUYAN_FILES"), "")
	f.StringVar(&in.metricsListen, "metrics-listen", os.Getenv("FUYAN_METRICS_LISTEN"), "")
	f.StringVar(&in.trustedProxies, "trusted-proxies", cmp.Or(os.Getenv("FUYAN_TRUSTED_PROXIES"), "127.0.0.0/8,::1/128"), "")
	in.rate, in.wrong = envNumber("FUYAN_RATE", 100)
	f.IntVar(&in.rate, "rate", in.rate, "")
	f.StringVar(&in.roles, "role", "", "")
	f.StringVar(&in.displayName, "display-name", "", "")
	f.StringVar(&in.organ, "organ", "", "")
	f.StringVar(&in.division, "division", "", "")
	f.StringVar(&in.rule, "rule", "", "")
	f.StringVar(&in.kind, "kind", "", "")
	f.StringVar(&in.from, "from", "", "")
	f.StringVar(&in.mode, "mode", "strict", "")
	f.BoolVar(&in.json, "json", false, "")
	f.StringVar(&in.proposals, "proposals", "1000,100000", "")
	f.BoolVar(&in.preview, "preview", false, "")
	f.StringVar(&in.notice, "notice", "", "")
	f.StringVar(&in.years, "years", "", "")
	f.BoolVar(&in.help, "help", false, "")
	f.BoolVar(&in.help, "h", false, "")
}

// envNumber is the number that a variable of the environment holds, or else the one
// that it has for none.
func envNumber(name string, none int) (int, error) {
	text := os.Getenv(name)
	if text == "" {
		return none, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, usage("%s=%q: want a number", name, text)
	}
	return n, nil
}

// command finds the command that was typed and returns its arguments.
func (in *input) command() (*command, []string, error) {
	if len(in.words) == 0 {
		return find(""), nil, nil
	}
	name, rest := in.words[0], in.words[1:]
	c := find(name)
	if c == nil || name == "" {
		return nil, nil, usage("unknown command %q; fuyan help lists the commands", name)
	}
	if len(rest) > 0 && c.args == "" {
		return nil, nil, usage("fuyan %s takes no argument %q", name, rest[0])
	}
	return c, rest, nil
}

// check refuses flags that the command does not have.
func (in *input) check(c *command) (err error) {
	if err = in.wrong; err != nil {
		return err
	}
	if in.rate < 0 {
		return usage("--rate %d: want 0 or more", in.rate)
	}
	in.flags.Visit(func(f *flag.Flag) {
		if !slices.Contains(c.flags, f.Name) {
			err = usage("%s has no flag --%s; see: %[1]s --help", c.full(), f.Name)
		}
	})
	if !slices.Contains(c.flags, "read-database-url") {
		in.readDatabaseURL = "" // as the environment that all share may name one
	}
	return err
}
