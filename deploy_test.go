package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// deployed returns the files of deploy/ whose names match, by their path.
func deployed(t *testing.T, pattern string) map[string]string {
	t.Helper()
	files := map[string]string{}
	must(t, filepath.WalkDir("deploy", func(path string, d fs.DirEntry, err error) error {
		if ok, _ := filepath.Match(pattern, d.Name()); err != nil || d.IsDir() || !ok {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	}))
	if len(files) == 0 {
		t.Fatalf("deploy/ has no %s", pattern)
	}
	return files
}

// environment is every variable that the program reads, and its flag.
func environment() map[string]string {
	names := map[string]string{}
	for _, f := range flagHelp {
		for _, name := range regexp.MustCompile(`\$(FUYAN_[A-Z_]+)`).FindAllStringSubmatch(f.about, -1) {
			names[name[1]] = f.name
		}
	}
	return names
}

// TestDeployNamesWhatThereIs: each variable, flag and command that deploy/ names is
// one of the program.
func TestDeployNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	known, named := environment(), map[string]bool{}
	for path, text := range deployed(t, "*") {
		for _, name := range regexp.MustCompile(`\bFUYAN_[A-Z_]+\b`).FindAllString(text, -1) {
			if known[name] == "" {
				t.Errorf("%s: the program does not read %s", path, name)
			}
			named[name] = true
		}
		for _, line := range regexp.MustCompile("(?m)(?:^|`|/)fuyan [a-z-][^`\n#]*").FindAllString(text, -1) {
			checkTyped(t, path, line)
		}
	}
	for name := range known {
		if !named[name] {
			t.Errorf("deploy/ does not show %s", name)
		}
	}
}

// checkTyped parses a command line as the program would.
func checkTyped(t *testing.T, path, line string) {
	t.Helper()
	words := strings.Fields(strings.TrimLeft(line, "`/"))
	in, err := parse(words[1:])
	if err != nil {
		t.Errorf("%s: %s: %v", path, line, err)
		return
	}
	c, _, err := in.command()
	if err == nil {
		err = in.check(c)
	}
	if err != nil {
		t.Errorf("%s: %s: %v", path, line, err)
	}
}

// An object is what the manifests say, as far as the program must agree.
type object struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Spec     struct {
		Ports    []struct{ TargetPort string } // of a service
		Template struct {
			Spec struct {
				TerminationGracePeriodSeconds int
				Containers                    []container
			}
		}
	}
}

type container struct {
	Args  []string
	Ports []struct {
		Name          string
		ContainerPort int
	}
	StartupProbe, LivenessProbe, ReadinessProbe probe
	EnvFrom                                     []struct{ ConfigMapRef, SecretRef struct{ Name string } }
	VolumeMounts                                []struct{ MountPath string }
}

type probe struct {
	HTTPGet struct{ Path, Port string }
}

func manifests(t *testing.T) map[string]object {
	t.Helper()
	list := map[string]object{}
	for path, text := range deployed(t, "*.yaml") {
		if !strings.Contains(path, "kubernetes") {
			continue
		}
		for d := yaml.NewDecoder(strings.NewReader(text)); ; {
			var one map[string]any
			err := d.Decode(&one)
			if errors.Is(err, io.EOF) {
				break
			}
			text, wrong := json.Marshal(one) // whose names are compared as Kubernetes writes them
			var o object
			if err = errors.Join(err, wrong, json.Unmarshal(text, &o)); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			list[o.Kind+" "+o.Metadata.Name] = o
		}
	}
	return list
}

// TestManifests: what runs in the cluster is a command of the program, is asked
// where it answers, and is given longer to end than it takes.
func TestManifests(t *testing.T) {
	t.Parallel()
	all := manifests(t)
	config := all["ConfigMap fuyan"].Data
	for name, want := range map[string]struct {
		command, probes string
		ports           map[string]string // by name, the variable that says where the program listens
	}{
		"Deployment fuyan-server": {"serve", "http", map[string]string{"http": "FUYAN_LISTEN", "metrics": "FUYAN_METRICS_LISTEN"}},
		"Deployment fuyan-worker": {"work", "metrics", map[string]string{"metrics": "FUYAN_METRICS_LISTEN"}},
		"Job fuyan-migrate":       {"migrate", "", nil},
	} {
		pod := all[name].Spec.Template.Spec
		if len(pod.Containers) != 1 {
			t.Errorf("%s has %d containers", name, len(pod.Containers))
			continue
		}
		c := pod.Containers[0]
		if !slices.Equal(c.Args, []string{want.command}) || find(want.command) == nil || len(c.EnvFrom) != 2 {
			t.Errorf("%s does %v with %v", name, c.Args, c.EnvFrom)
		}
		if got := c.StartupProbe.HTTPGet.Port; got != want.probes || want.ports[got] == "" && got != "" {
			t.Errorf("%s is asked at its port %q", name, got)
		}
		for _, p := range c.Ports {
			if got := config[want.ports[p.Name]]; got != ":"+strconv.Itoa(p.ContainerPort) {
				t.Errorf("%s: its port %s is %d, and the program listens on %q", name, p.Name, p.ContainerPort, got)
			}
		}
		if want.ports == nil {
			continue
		}
		checkProbes(t, name, c)
		if given := time.Duration(pod.TerminationGracePeriodSeconds) * time.Second; given < 2*(grace+linger) {
			t.Errorf("%s is given %v to end", name, given)
		}
	}
	if c := all["Deployment fuyan-server"].Spec.Template.Spec.Containers[0]; !slices.ContainsFunc(c.VolumeMounts, func(m struct{ MountPath string }) bool {
		return m.MountPath == "/tmp"
	}) {
		t.Error("the server may not write to /tmp, where uploads are while they arrive")
	}
	if to := all["Service fuyan"].Spec.Ports; len(to) != 1 || to[0].TargetPort != "http" {
		t.Errorf("the service leads to %v", to)
	}
}

func checkProbes(t *testing.T, name string, c container) {
	t.Helper()
	for path, p := range map[string][]probe{"/healthz": {c.StartupProbe, c.LivenessProbe}, "/readyz": {c.ReadinessProbe}} {
		for _, p := range p {
			if p.HTTPGet.Path != path || p.HTTPGet.Port != c.StartupProbe.HTTPGet.Port {
				t.Errorf("%s is asked %s at %s, want %s", name, p.HTTPGet.Path, p.HTTPGet.Port, path)
			}
		}
	}
}

// TestCompose: each service runs a command of the program, and those that serve and
// work wait for the one that migrates.
func TestCompose(t *testing.T) {
	t.Parallel()
	type service struct {
		Command         []string
		StopGracePeriod string `yaml:"stop_grace_period"`
		ReadOnly        bool   `yaml:"read_only"`
		Tmpfs           []string
		DependsOn       map[string]struct{ Condition string } `yaml:"depends_on"`
	}
	var compose struct{ Services map[string]service }
	must(t, yaml.NewDecoder(strings.NewReader(deployed(t, "compose.yaml")["deploy/compose.yaml"])).Decode(&compose))
	for name, want := range map[string]string{"migrate": "migrate", "server": "serve", "worker": "work"} {
		s := compose.Services[name]
		if !slices.Equal(s.Command, []string{want}) || find(want) == nil {
			t.Errorf("%s does %v", name, s.Command)
		}
		if name != "migrate" && s.DependsOn["migrate"].Condition != "service_completed_successfully" {
			t.Errorf("%s waits for %v", name, s.DependsOn)
		}
		if s.ReadOnly && !slices.Contains(s.Tmpfs, "/tmp") {
			t.Errorf("%s may not write to /tmp, where uploads are while they arrive", name)
		}
		if given, err := time.ParseDuration(s.StopGracePeriod); err != nil || given < 2*(grace+linger) {
			t.Errorf("%s is given %q to end", name, s.StopGracePeriod)
		}
	}
}

// TestUnits has systemd read its units, with another program in the place of ours,
// which is not installed here.
func TestUnits(t *testing.T) {
	t.Parallel()
	for path, text := range deployed(t, "*.service") {
		if s := regexp.MustCompile(`TimeoutStopSec=(\d+)`).FindStringSubmatch(text); !strings.Contains(path, "migrate") {
			if given, err := time.ParseDuration(s[1] + "s"); err != nil || given < 2*(grace+linger) {
				t.Errorf("%s gives %s seconds to end", path, s[1])
			}
		}
		if _, err := exec.LookPath("systemd-analyze"); err != nil {
			continue
		}
		copied := filepath.Join(t.TempDir(), filepath.Base(path))
		must(t, os.WriteFile(copied, bytes.ReplaceAll([]byte(text), []byte("/usr/local/bin/fuyan"), []byte("/bin/true")), 0o600))
		if out, err := exec.CommandContext(t.Context(), "systemd-analyze", "verify", "--man=no", copied).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
}
