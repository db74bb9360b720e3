package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const port = "5432" // names the socket; nothing listens on the network

// folder is a data folder that this process has locked.
type folder struct {
	path    string
	lock    *os.File
	account account
	socket  string // the folder of the socket
}

func openFolder(dir string) (*folder, error) {
	path, err := makeFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	lock, err := lockFile(filepath.Join(path, "fuyan.lock"))
	if err != nil {
		return nil, fmt.Errorf("lock the data folder %s: %w", path, err)
	}
	return &folder{path: path, lock: lock}, nil
}

// makeFolder returns dir as an absolute path without symbolic links, so that
// one folder has one name.
func makeFolder(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(path, 0o755); err != nil {
			return "", err
		}
		// Whatever the umask: the server's user must pass, and what it keeps here is closed itself.
		if err := os.Chmod(path, 0o755); err != nil {
			return "", err
		}
	}
	return filepath.EvalSymlinks(path)
}

// lockFile holds path until the file is closed or the process ends.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := claim(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func claim(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		pid, err := io.ReadAll(file)
		return errors.Join(fmt.Errorf("in use by the process with pid %s", strings.TrimSpace(string(pid))), err)
	}
	if err != nil {
		return err
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, os.Getpid())
	return err
}

// close frees the folder for another process.
func (f *folder) close() error {
	var err error
	if f.socket != "" {
		err = os.RemoveAll(f.socket)
	}
	return errors.Join(err, f.lock.Close())
}

func (f *folder) cluster() string { return filepath.Join(f.path, "postgres") }

// major is the version that made the cluster, 0 when there is none.
func (f *folder) major() (int, error) {
	text, err := os.ReadFile(filepath.Join(f.cluster(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, _, _ := strings.Cut(strings.TrimSpace(string(text)), ".")
	return strconv.Atoi(major)
}

// prepare gives the server's user all that it needs before it can run bin.
func (f *folder) prepare(bin binaries) error {
	var err error
	if f.account, err = pickAccount(f.cluster()); err != nil {
		return err
	}
	if err := errors.Join(f.account.reach(f.path), f.account.reach(bin.dir)); err != nil {
		return err
	}
	if err := f.account.own(f.cluster()); err != nil {
		return err
	}
	return f.makeSocket()
}

// makeSocket leaves an empty folder that only the server's user may enter:
// that is what guards the server, which trusts whoever reaches its socket.
func (f *folder) makeSocket() error {
	const longest = 103 // bytes in the path of a socket, on the strictest system
	dir := filepath.Join(f.path, "socket")
	var err error
	// In a connection string a comma begins another host. os.TempDir can be long itself.
	if len(filepath.Join(dir, ".s.PGSQL."+port)) > longest || strings.Contains(dir, ",") {
		dir, err = os.MkdirTemp("/tmp", "fuyan-")
	} else if err = os.RemoveAll(dir); err == nil {
		err = os.Mkdir(dir, 0o700)
	}
	if err != nil {
		return err
	}
	f.socket = dir
	return f.account.own(dir)
}

func (f *folder) url(database string) string {
	query := url.Values{"host": {f.socket}, "port": {port}, "user": {"fuyan"}}
	spaced := strings.ReplaceAll(query.Encode(), "+", "%20") // as connection strings have it, unlike forms
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: spaced}).String()
}

// create makes the cluster, or nothing if it is broken off.
func (f *folder) create(ctx context.Context, bin binaries) error {
	draft := f.cluster() + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return err
	}
	if err := os.Mkdir(draft, 0o700); err != nil {
		return err
	}
	if err := f.account.own(draft); err != nil {
		return err
	}
	args := []string{
		"-D", draft, "--username=fuyan", "--encoding=UTF8", "--locale=C",
		"--auth-local=trust", "--auth-host=reject", "--data-checksums",
	}
	if bin.major >= 17 {
		args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
	}
	out, err := f.command(ctx, bin, "initdb", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("make the cluster: %w\n%s", err, out)
	}
	if err := os.Rename(draft, f.cluster()); err != nil {
		return err
	}
	return syncFolder(f.path)
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// command runs one of the binaries as the server's user, out of reach of the
// terminal's Ctrl-C and of settings meant for other servers.
func (f *folder) command(ctx context.Context, bin binaries, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(bin.dir, name), args...)
	cmd.Dir = f.path // the user may not enter the present one
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: f.account.cred}
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "PG") && !strings.HasPrefix(pair, "LC_") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C", "TZ=UTC")
	return cmd
}
