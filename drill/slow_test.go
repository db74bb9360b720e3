package drill_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// TestDrillSlowClients: those that send a part of a header, that send nothing, or
// that keep a connection and ask nothing, keep nobody else from being answered. The
// slow ones are cut.
func TestDrillSlowClients(t *testing.T) {
	t.Parallel()
	slow, idle := 100, 200
	if full() {
		slow, idle = 1000, 10_000
	}
	openFiles(t, uint64(2*slow+idle+1000))
	s := newSite(t, 1, 0)
	addr := s.servers[0].addr
	var cut, kept []net.Conn
	for range slow {
		cut = append(cut, dial(t, addr, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow"), dial(t, addr, ""))
	}
	for range idle {
		kept = append(kept, dial(t, addr, "GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"))
	}
	client := &http.Client{Timeout: 20 * time.Second}
	for range 20 {
		resp, err := client.Get("http://" + addr + "/replies")
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != http.StatusOK {
			t.Errorf("beside %d connections: %s", len(cut)+len(kept), resp.Status)
		}
	}
	for _, c := range cut {
		if _, err := readToEnd(c); err != nil {
			t.Fatalf("a slow client was not cut: %v", err)
		}
	}
	for _, c := range kept { // these may ask again
		_, err := fmt.Fprint(c, "GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		must(t, err)
		if n, err := readToEnd(c); err != nil || n != 2 {
			t.Fatalf("a client that kept its connection was answered %d times: %v", n, err)
		}
	}
}

// openFiles makes sure that this process may have so many files open.
func openFiles(t *testing.T, n uint64) {
	t.Helper()
	var limit syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	if limit.Cur < n {
		t.Fatalf("this process may have %d files open, and the drill wants %d: ulimit -n", limit.Cur, n)
	}
}

// dial opens a connection and says something.
func dial(t *testing.T, addr, say string) net.Conn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	_, err = io.WriteString(c, say)
	must(t, err)
	return c
}

// readToEnd reads until the server closes the connection, and counts the answers
// that are well.
func readToEnd(c net.Conn) (answers int, err error) {
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return 0, err
	}
	text, err := io.ReadAll(c)
	return bytes.Count(text, []byte("HTTP/1.1 200 OK\r\n")), err
}
