package web_test

import (
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

var update = flag.Bool("update", false, "write the pages as they are to testdata")

// changing is what differs from one answer to the next, and with the stylesheet and script.
var changing = regexp.MustCompile(`(name="(?:request_id|editor_id)" value="|(?:style\.css|script\.js)\?v=)[0-9a-f-]+`)

func TestGoldenPages(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"sign-in": "/sign-in?next=/commitments", "work": "/work", "proposals": "/proposals?contains=科技&sitting=市政协-14-4&order=PROPOSAL_ORDER_DUE&result=RESULT_ADOPTED&open=OPENNESS_PUBLISHED", "assign": "/proposals/assign?proposal=12&proposal=13&query=state%3DSTATE_ACCEPTED", "proposal": "/proposals/7", "receive": "/proposals/new",
		"draft": "/proposals/7/draft", "kept": "/proposals/7/draft", "clash": "/proposals/7/draft", "drafts": "/proposals/7/drafts", "letter": "/proposals/7/letter",
		"commitments": "/commitments", "commitment": "/commitments/41", "board": "/board", "promises": "/board/commitments", "board-list": "/board/replies?organ=1&age=OVERDUE_AGE_TO_30", "board-waiting": "/board/extensions", "jobs": "/jobs", "mine": "/mine", "followed": "/proposals/7",
		"deadline": "/deadlines/51", "due": "/due?rule=PUBLISH&from=2026-12-28", "calendar": "/calendar", "rules": "/rules", "notices": "/notices", "upcoming": "/notices/upcoming", "ladders": "/ladders", "figures": "/figures?as_of=2026-03-31&organ=1", "figure": "/figures/on_time?side=rest&kind=KIND_CPPCC_PROPOSAL", "account": "/account", "users": "/users", "organs": "/organs",
		"imports": "/imports", "import": "/imports/5", "import-running": "/imports/5", "import-done": "/imports/5?rows=wrong", "not-found": "/nowhere",
	} {
		s := newSite(t)
		switch name {
		case "draft":
			s = drafting(t)
		case "kept":
			s = drafting(t)
			s.reply.WorkingCopy = workingCopy(2)
		case "clash":
			s = drafting(t)
			s.reply.WorkingCopy = workingCopy(1)
		}
		s.reply.Drafts[0].Text = draftText
		switch name {
		case "proposals":
			s.list = append(s.list, accepted()[0])
		case "assign":
			s.list = append(accepted(), proposal())
		case "sign-in":
			s.me = nil
		case "mine", "followed":
			s.me = delegate()
		case "board-waiting":
			s.me = supervisor()
		case "import-running":
			s.confirmed(fuyanv1.ImportState_IMPORT_STATE_CONFIRMED)
		case "import-done":
			s.confirmed(fuyanv1.ImportState_IMPORT_STATE_DONE)
		}
		golden(t, "GET "+path, name, s.get(path).Body.String())
	}
	read := newSite(t).post("/letters/read", url.Values{"issued_letter.text": {letter}})
	golden(t, "POST /letters/read", "reading", read.Body.String())
}

// golden holds a page against the file of this name.
func golden(t *testing.T, call, name, page string) {
	t.Helper()
	got := changing.ReplaceAllString(page, "${1}X")
	file := filepath.Join("testdata", name+".golden.html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs from %s (-want +got); -update writes it anew:\n%s", call, file, diff)
	}
}
