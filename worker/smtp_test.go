package worker_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/worker"
)

// sendTo sends a mail by the server of a URL.
func sendTo(t *testing.T, address, name string) error {
	t.Helper()
	send, err := worker.NewSMTP(address, "fuyan@example.cn")
	must(t, err)
	o := &postgres.Outgoing{MessageID: "notice.7.1", At: postgrestest.Now(), Name: name, Mail: "x@example.cn", Subject: "【提醒】", Text: "内容"}
	return send(t.Context(), o, func() error { return nil })
}

// TestNamesThatNeedQuoting reach their person as they are.
func TestNamesThatNeedQuoting(t *testing.T) {
	t.Parallel()
	for _, name := range []string{`A "B" \ C`, `许“亦”舟"\`, "许亦舟, 处长 <x>"} {
		box := newMailbox(t)
		must(t, sendTo(t, box.url, name))
		list, err := box.all(false)[0].header.AddressList("To")
		must(t, err)
		if len(list) != 1 || *list[0] != (mail.Address{Name: name, Address: "x@example.cn"}) {
			t.Errorf("the mail to %s went to %v", name, list)
		}
	}
}

// TestSenderRefusedIsNotTheRecipientsFault: nobody is given up for it.
func TestSenderRefusedIsNotTheRecipientsFault(t *testing.T) {
	t.Parallel()
	p := newPost(t, worker.Options{})
	p.mails(p.Handler)
	p.box.set(disowns)
	p.receive("0670")
	p.await("a failed try", func() bool {
		return p.count(`SELECT count(*) FROM notice_deliveries WHERE error = '邮件服务器不接受发件地址（553）'`) == 1
	})
	p.box.set(takes)
	p.rest()
	if got := p.states(); got["handler mail sent"] != 1 {
		t.Errorf("%v, want one sent", got)
	}
}

// TestRefusedMailIsFinal: that of the mail itself.
func TestRefusedMailIsFinal(t *testing.T) {
	t.Parallel()
	p := newPost(t, worker.Options{})
	p.mails(p.Handler)
	p.box.set(refuses)
	p.receive("0670")
	p.rest()
	if n := p.count(`SELECT count(*) FROM notice_deliveries WHERE state = 'failed' AND attempts = 1 AND error = '邮件服务器拒收这封邮件（554）'`); n != 1 {
		t.Errorf("%v, want one failed at the first try", p.states())
	}
}

// TestNoMailInTheClear goes to another machine, which 0.0.0.0 is as far as its
// name tells, unless the URL allows it.
func TestNoMailInTheClear(t *testing.T) {
	t.Parallel()
	box := newMailbox(t)
	other := strings.Replace(box.url, "127.0.0.1", "0.0.0.0", 1)
	if err := sendTo(t, other, ""); err == nil || len(box.all(false)) != 0 {
		t.Errorf("a mail went out in the clear: %v", err)
	}
	must(t, sendTo(t, other+"?tls=optional", ""))
	must(t, sendTo(t, box.url, ""))
	if n := len(box.all(false)); n != 2 {
		t.Errorf("%d mails, want two", n)
	}
}

// TestFailedTalkIsHungUp: the connection is closed where the server cannot do
// what is asked of it, here to let anybody log in.
func TestFailedTalkIsHungUp(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	ended := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			ended <- err
			return
		}
		defer c.Close()
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		fmt.Fprint(c, "220 here\r\n")
		lines := bufio.NewReader(c)
		for err == nil {
			_, err = lines.ReadString('\n')
			fmt.Fprint(c, "250 here\r\n")
		}
		ended <- err
	}()
	if err := sendTo(t, "smtp://user:secret@"+l.Addr().String(), ""); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Errorf("the connection ended by %v", err)
	}
}

func TestWrongMailServers(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "mail.example.cn", "http://mail.example.cn", "smtp://", "smtp://mail.example.cn?tls=none", "smtps://mail.example.cn?tls=optional"} {
		if _, err := worker.NewSMTP(address, "fuyan@example.cn"); err == nil {
			t.Errorf("NewSMTP(%q) takes it", address)
		}
	}
	if _, err := worker.NewSMTP("smtp://mail.example.cn", "nobody"); err == nil {
		t.Error("NewSMTP takes a sender that is no address")
	}
	var send worker.SendMail
	send, err := worker.NewSMTP("smtps://user:p%40ss@mail.example.cn:465", "复言 <fuyan@example.cn>")
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := send(ctx, &postgres.Outgoing{Mail: "x@example.cn", MessageID: "a"}, func() error { return nil }); err == nil {
		t.Error("a mail was sent after its time")
	}
}
