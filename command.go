package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A command is one thing that fuyan does.
type command struct {
	name  string // "" does everything
	args  string
	about string // the first line stands in the list
	flags []string
	run   func(*program, context.Context, []string) error
}

func (c *command) full() string { return strings.TrimSpace("fuyan " + c.name) }

var (
	ofDatabase = []string{"data", "database-url", "log-format"}
	ofWorker   = append([]string{"smtp-url", "mail-from", "webhook-networks", "files", "metrics-listen", "poll-jobs"}, ofDatabase...)
	ofServer   = append([]string{"listen", "files", "metrics-listen", "read-database-url", "rate", "trusted-proxies"}, ofDatabase...)
	ofDue      = append([]string{"rule", "kind", "from", "mode", "json"}, ofDatabase...)
	ofCalendar = append([]string{"preview", "notice", "years"}, ofDatabase...)
	ofBoth     = append([]string{"listen", "read-database-url", "rate", "trusted-proxies"}, ofWorker...)
	ofBench    = append([]string{"proposals", "json"}, ofDatabase...)
	ofUser     = append([]string{"role", "display-name", "organ", "division"}, ofDatabase...)
)

// commands lists every command.
func commands() []*command {
	return []*command{
		{"", "", `does everything in one process: migrate, serve and work
With no --database-url it starts a Postgres of its own in the data folder, and
fills it with demo data the first time.`, ofBoth, (*program).everything},
		{"serve", "", "serves the pages and the RPCs", ofServer, (*program).serve},
		{"work", "", `works off the jobs: commitments of issued letters, copies, messages, notices
On two machines or more the workers of one database share the jobs.`, ofWorker, (*program).work},
		{"migrate", "", "brings the database to the present schema", ofDatabase, (*program).migrate},
		{"seed", "", `loads the demo data
It refuses a database that has accounts.`, ofDatabase, (*program).seed},
		{"read", "FILE…", `says what letters say, one JSON object a letter
Each FILE is one letter: plain text in UTF-8 or GB18030, a .docx or a saved web
page (.html), of at most 20 MB; - is the standard input. What a file is, its
content decides. One that holds no text is named on the standard error, and the
others are read.`, []string{"log-format"}, (*program).read},
		{"due", "", `says by which day something must be done, and why
--rule and --kind name a rule, --from the day from which it counts. With --mode
rollover a last day that is no working day moves on to the next one.`, ofDue, (*program).due},
		{"calendar", "import FILE…", `loads days off and make-up working days
Each FILE is a table (CSV: date, kind, name, notice; kind is 休 or off, 班 or
work, 撤销 or none) or an iCalendar whose all-day events are marked 休 or 班; - is
the standard input. It is effective at once: open deadlines that counted other
days move. When a line is wrong, nothing is stored. A year is complete once a
file names its 元旦, 劳动节 and 国庆节 as off, 13 days off or more and a day worked
for them, or --years says so.`, ofCalendar, (*program).calendar},
		{"verify", "", `checks that nobody changed the history
It names the first line that is missing, added or changed.`, ofDatabase, (*program).verify},
		{"bench", "", `measures the service beside the same SQL, bare Connect and bare River
It makes databases of its own, in a private Postgres or beside the one that
--database-url names, and drops them at the end. A thousand proposals take about
three minutes, a million a quarter of an hour.`, ofBench, (*program).bench},
		{"user", "add NAME", `makes an account
The password, of 10 characters or more, is asked for, or read as one line from
a standard input that is no terminal. --role takes several with commas between:
admin, office, reviewer, handler, supervisor, delegate.`, ofUser, (*program).user},
		{"help", "[COMMAND]", "says all this", nil, nil},
	}
}

func find(name string) *command {
	list := commands()
	i := slices.IndexFunc(list, func(c *command) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return list[i]
}

// flagHelp says what each flag is, in the order in which they are listed.
var flagHelp = []struct{ name, value, about string }{
	{"listen", "ADDRESS", "where to serve; default localhost:8080 ($FUYAN_LISTEN)"},
	{"data", "FOLDER", "of the private Postgres, of mails kept as files and of uploaded files; default /var/lib/fuyan for root, else the user's data folder ($FUYAN_DATA)"},
	{"database-url", "URL", "the Postgres to use in place of a private one ($FUYAN_DATABASE_URL)"},
	{"read-database-url", "URL", "a standby of it that reads for the public while it is nearly as new; default none ($FUYAN_READ_DATABASE_URL)"},
	{"log-format", "text|json", "of the log on the standard error; default text ($FUYAN_LOG_FORMAT)"},
	{"rule", "CODE", "the rule: REPLY, RETURN_WRONG, COHANDLE_OPINION, PUBLISH, …"},
	{"kind", "KIND", "of proposal: cppcc_proposal (提案) or npc_suggestion (代表建议)"},
	{"from", "DAY", "the day from which it counts, as 2025-05-19"},
	{"mode", "MODE", "strict or rollover; default strict"},
	{"json", "", "prints one JSON object"},
	{"proposals", "N[,N]", "the sizes that are measured; default 1000,100000"},
	{"preview", "", "says what would move, and stores nothing"},
	{"notice", "NUMBER", "of the State Council, for the days that name none"},
	{"years", "YEAR[,YEAR]", "that the files make complete"},
	{"smtp-url", "URL", "smtp://USER:PASSWORD@HOST:PORT or smtps://, to send mails by, encrypted unless it is this machine or ends in ?tls=optional; default: files in the data folder ($FUYAN_SMTP_URL)"},
	{"mail-from", "ADDRESS", "that mails come from; --smtp-url needs it ($FUYAN_MAIL_FROM)"},
	{"webhook-networks", "CIDR,…", "private networks that people's webhooks may be in; default none ($FUYAN_WEBHOOK_NETWORKS)"},
	{"files", "URL", "of the store of uploaded files: file:///FOLDER or s3://BUCKET?region=REGION; default: files in the data folder ($FUYAN_FILES)"},
	{"metrics-listen", "ADDRESS", "where to serve /metrics for Prometheus, and /healthz and /readyz; default none ($FUYAN_METRICS_LISTEN)"},
	{"poll-jobs", "", "finds jobs by asking alone, for a --database-url that leads to a pooler of transactions ($FUYAN_POLL_JOBS=true)"},
	{"rate", "NUMBER", "of requests a second that one account, or one address where nobody is signed in, may make, and ten times as many at once; 0 for any; default 100 ($FUYAN_RATE)"},
	{"trusted-proxies", "CIDR,…", "whose X-Forwarded-For says where a request comes from; default this machine ($FUYAN_TRUSTED_PROXIES)"},
	{"role", "ROLE[,ROLE]", "what the person does"},
	{"display-name", "NAME", "as people read it; default the account's name"},
	{"organ", "NAME", "where the person works, by its full or short name"},
	{"division", "NAME", "within the organ, by its name or number"},
}

// help describes a command, or all of them.
func help(w io.Writer, c *command, words []string) error {
	if c.name == "help" && len(words) > 0 {
		if c = find(words[0]); c == nil || len(words) > 1 {
			return usage("no help for %q; fuyan help lists the commands", strings.Join(words, " "))
		}
	}
	if c.name == "" || c.name == "help" {
		return helpAll(w)
	}
	fmt.Fprintf(w, "usage: %s %s\n\n%s %s\n", c.full(), strings.TrimSpace(c.args+" [flags]"), c.full(), c.about)
	if len(c.flags) > 0 {
		fmt.Fprintf(w, "\nFlags:\n")
	}
	writeFlags(w, func(name string) bool { return slices.Contains(c.flags, name) })
	return nil
}

func helpAll(w io.Writer) error {
	fmt.Fprintf(w, "usage: fuyan [COMMAND] [flags]\n\nCommands:\n")
	for _, c := range commands() {
		first, _, _ := strings.Cut(c.about, "\n")
		fmt.Fprintf(w, "  %-22s %s\n", strings.TrimSpace(c.full()+" "+c.args), first)
	}
	fmt.Fprintf(w, "\nFlags, before or after the command:\n")
	writeFlags(w, func(name string) bool { return slices.Contains(ofBoth, name) })
	fmt.Fprintf(w, "\nfuyan COMMAND --help says more about one command.\n")
	return nil
}

func writeFlags(w io.Writer, has func(string) bool) {
	for _, f := range flagHelp {
		if has(f.name) {
			fmt.Fprintf(w, "  --%-22s %s\n", strings.TrimSpace(f.name+" "+f.value), f.about)
		}
	}
}
