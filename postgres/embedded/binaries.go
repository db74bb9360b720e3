package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	fetcher "github.com/fergusstrange/embedded-postgres"
)

// oldest is the first major version that a new cluster may have.
const oldest = 14

// binaries is a folder with initdb and postgres.
type binaries struct {
	dir   string
	major int
}

// search says where binaries may be.
type search struct {
	config     string   // the program that knows, asked first
	places     []string // patterns of folders; of one pattern, the newest version first
	repository string   // where to fetch from; empty is the fetcher's own
}

var usual = search{
	config: "pg_config",
	places: []string{
		"/usr/lib/postgresql/*/bin",                          // Debian
		"/usr/pgsql-*/bin",                                   // RHEL with the packages of PGDG
		"/usr/lib/postgresql*/bin",                           // SUSE
		"/usr/libexec/postgresql*",                           // Alpine
		"/opt/homebrew/opt/postgresql*/bin",                  // Homebrew on ARM
		"/usr/local/opt/postgresql*/bin",                     // Homebrew on Intel
		"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
		"/usr/local/pgsql/bin",                               // built from source
		"/usr/local/bin",                                     // FreeBSD
		"/usr/bin",                                           // Fedora, Arch
	},
}

// fetchable has one version of each major one that can be fetched, newest first.
var fetchable = []fetcher.PostgresVersion{fetcher.V18, fetcher.V17, fetcher.V16, fetcher.V15, fetcher.V14}

// find returns the binaries of major version want, of any that is new enough
// when want is 0. What is not on the machine is fetched into download.
func (s *search) find(ctx context.Context, log *slog.Logger, want int, download string) (binaries, error) {
	var other []string
	for _, dir := range s.candidates(ctx, download) {
		major, err := majorIn(ctx, dir)
		if err != nil {
			continue
		}
		if major == want || want == 0 && major >= oldest {
			return binaries{dir, major}, nil
		}
		other = append(other, fmt.Sprintf("%d in %s", major, dir))
	}
	bin, err := s.fetch(ctx, log, want, download)
	if err == nil {
		return bin, nil
	}
	missing := "no Postgres is installed here"
	if want != 0 {
		missing = fmt.Sprintf("the data is of Postgres %d, which is not installed here", want)
	}
	if len(other) > 0 {
		missing += " (only " + strings.Join(other, ", ") + ")"
	}
	return binaries{}, fmt.Errorf("%s, and it cannot be fetched: %w; install it with: %s", missing, err, installCommand(want))
}

// candidates lists folders that may hold binaries, best first.
func (s *search) candidates(ctx context.Context, download string) []string {
	var dirs []string
	if out, err := exec.CommandContext(ctx, s.config, "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, place := range append(slices.Clone(s.places), filepath.Join(download, "*", "bin")) {
		found, _ := filepath.Glob(place) // fails only on a malformed pattern
		slices.SortStableFunc(found, func(a, b string) int { return cmp.Compare(lastNumber(b), lastNumber(a)) })
		dirs = append(dirs, found...)
	}
	return dirs
}

// lastNumber is the version in a folder's name: 9.6 in /usr/lib/postgresql/9.6/bin.
func lastNumber(path string) float64 {
	numbers := regexp.MustCompile(`\d+(\.\d+)?`).FindAllString(path, -1)
	if len(numbers) == 0 {
		return 0
	}
	n, _ := strconv.ParseFloat(numbers[len(numbers)-1], 64) // the pattern admits only numbers
	return n
}

// majorIn asks the server in dir for its version.
func majorIn(ctx context.Context, dir string) (int, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0, err
	}
	match := regexp.MustCompile(`\(PostgreSQL\) (\d+)`).FindSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("no version in %q", out)
	}
	return strconv.Atoi(string(match[1]))
}

func (s *search) fetch(ctx context.Context, log *slog.Logger, want int, download string) (binaries, error) {
	i := slices.IndexFunc(fetchable, func(v fetcher.PostgresVersion) bool {
		return want == 0 || strings.HasPrefix(string(v), fmt.Sprintf("%d.", want))
	})
	if i < 0 {
		return binaries{}, errors.New("nobody offers it")
	}
	version := fetchable[i]
	home := filepath.Join(download, string(version))
	log.Info("fetching Postgres, which is not installed", "version", version, "into", download)
	if err := s.unpack(ctx, version, home+".new"); err != nil {
		return binaries{}, err
	}
	if err := os.Rename(home+".new", home); err != nil {
		return binaries{}, err
	}
	dir := filepath.Join(home, "bin")
	major, err := majorIn(ctx, dir)
	return binaries{dir, major}, err
}

// unpack fetches a version into home. The fetcher knows only how to start a
// server of its own: here it always stops short of that, since it first clears
// the data folder and no folder called "." can be removed. So its error says
// nothing, unless the binaries are missing.
func (s *search) unpack(ctx context.Context, version fetcher.PostgresVersion, home string) error {
	if err := os.RemoveAll(home); err != nil {
		return err
	}
	config := fetcher.DefaultConfig().
		Version(version).
		Port(0).
		CachePath(filepath.Dir(home)).
		BinariesPath(home).
		RuntimePath(home + ".run").
		DataPath(home + ".run/.").
		Logger(io.Discard)
	if s.repository != "" {
		config = config.BinaryRepositoryURL(s.repository)
	}
	fetched := make(chan error, 1)
	go func() { fetched <- fetcher.NewDatabase(config).Start() }()
	select {
	case err := <-fetched:
		if _, missing := os.Stat(filepath.Join(home, "bin", "initdb")); missing != nil {
			return err
		}
		return os.RemoveAll(home + ".run")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// installers are the commands that install some Postgres, or one major version of it.
var installers = []struct{ program, some, exact string }{
	{"apt-get", "apt-get install postgresql", "apt-get install postgresql-%d"},
	{"dnf", "dnf install postgresql-server", "dnf install postgresql%d-server"},
	{"zypper", "zypper install postgresql-server", "zypper install postgresql%d-server"},
	{"apk", "apk add postgresql", "apk add postgresql%d"},
	{"brew", "brew install postgresql@18", "brew install postgresql@%d"},
}

// installCommand is what a person types on this system to get Postgres.
func installCommand(want int) string {
	for _, i := range installers {
		if _, err := exec.LookPath(i.program); err != nil {
			continue
		}
		command := i.some
		if want != 0 {
			command = fmt.Sprintf(i.exact, want)
		}
		if os.Geteuid() != 0 && i.program != "brew" {
			command = "sudo " + command
		}
		return command
	}
	return "the packages of https://www.postgresql.org/download/"
}
