// Package web serves the pages that people see: sign-in, the list of proposals
// and each proposal with every move that may be made, drafting, commitments,
// deadlines and why they fall on their day, the calendar, notices, figures, accounts
// and organs.
//
// It knows the service only through its RPCs, and so can do nothing that the
// contract does not offer. Who may do what, what a state allows and what a field
// must look like is decided behind the RPCs; a page asks for the moves that the
// caller may make and shows a form for each, and shows again, with what was
// typed, a form that was refused.
//
// A page is a function from a request to its data, and a template. It is
// rendered whole before a byte is written. A form that went well answers with
// 303 to a page. Nothing needs JavaScript.
package web

import (
	"net/http"
	"time"

	"connectrpc.com/connect/v2"

	"fuyan/gen/fuyan/v1/fuyanv1connect"
)

// maxBody is how much a form may send, maxLetter one that brings a letter, which
// may be a file of 20 MB, and maxFiles one that brings evidence.
const (
	maxBody   = 1 << 20
	maxLetter = 24 << 20
	maxFiles  = 61 << 20
)

type pages struct {
	accounts    fuyanv1connect.AccountServiceClient
	proposals   fuyanv1connect.ProposalServiceClient
	replies     fuyanv1connect.ReplyServiceClient
	commitments fuyanv1connect.CommitmentServiceClient
	feedback    fuyanv1connect.FeedbackServiceClient
	calendars   fuyanv1connect.CalendarServiceClient
	notices     fuyanv1connect.NoticeServiceClient
	reports     fuyanv1connect.ReportServiceClient
	errors      func(http.ResponseWriter, *request, errorPage) error
	forms       map[string]form // by RPC
	now         func() time.Time
}

// New returns the handler of every page. The context of a request reaches the
// RPCs that client makes for it; what stands before the handler puts into it who
// is signed in, by the cookie that SignIn
// of the account service gave it.
func New(client *connect.Client) http.Handler { return newAt(client, time.Now) }

func newAt(client *connect.Client, now func() time.Time) http.Handler {
	p := &pages{
		accounts:    fuyanv1connect.NewAccountServiceClient(client),
		proposals:   fuyanv1connect.NewProposalServiceClient(client),
		replies:     fuyanv1connect.NewReplyServiceClient(client),
		commitments: fuyanv1connect.NewCommitmentServiceClient(client),
		feedback:    fuyanv1connect.NewFeedbackServiceClient(client),
		calendars:   fuyanv1connect.NewCalendarServiceClient(client),
		notices:     fuyanv1connect.NewNoticeServiceClient(client),
		reports:     fuyanv1connect.NewReportServiceClient(client),
		now:         now,
	}
	p.forms = p.allForms()
	p.errors = render[errorPage](p, "error.html")
	return p.guarded(p.routes())
}

func (p *pages) routes() *http.ServeMux {
	proposal := show(p, "proposal.html", p.showProposal)
	commitment := show(p, "commitment.html", p.showCommitment)
	receive, read := show(p, "receive.html", p.receiveForm), show(p, "receive.html", p.readLetter)
	account := show(p, "account.html", p.showAccount)
	users := show(p, "users.html", p.listUsers)
	organs := show(p, "organs.html", p.listOrgans)
	calendar := show(p, "calendar.html", p.showCalendar)
	rules := show(p, "rules.html", p.showRules)
	notices := show(p, "notices.html", p.listNotices)
	ladders := show(p, "ladders.html", p.listLadders)
	terms := show(p, "terms.html", p.listTerms)
	signIn := show(p, "sign-in.html", p.signInForm)

	mux := http.NewServeMux()
	mux.Handle("GET /assets/style.css", http.HandlerFunc(serveStyle))
	mux.Handle("GET /{$}", p.open(p.home(signIn)))
	mux.Handle("GET /sign-in", p.open(signIn))
	mux.Handle("POST /sign-in", p.open(p.signIn(signIn)))
	mux.Handle("POST /sign-out", p.open(p.signOut))
	mux.Handle("GET /proposals", p.signedIn(show(p, "proposals.html", p.listProposals)))
	mux.Handle("GET /proposals/new", p.signedIn(receive))
	mux.Handle("POST /proposals/new", p.signedIn(p.postReceive(receive, read)))
	mux.Handle("POST /letters/read", p.signedIn(parsed(read)))
	mux.Handle("GET /proposals/{id}", p.signedIn(proposal))
	mux.Handle("POST /proposals/{id}/{rpc}", p.signedIn(do(p.act(onProposal), proposal)))
	mux.Handle("GET /proposals/{id}/draft", p.signedIn(show(p, "draft.html", p.showDraft)))
	mux.Handle("POST /proposals/{id}/draft", p.signedIn(p.postDraft(show(p, "draft.html", p.showDraft))))
	mux.Handle("POST /proposals/{id}/draft/{rpc}", p.signedIn(do(p.act(onDraft), show(p, "draft.html", p.showDraft))))
	mux.Handle("GET /terms", p.signedIn(terms))
	mux.Handle("POST /terms/{rpc}", p.signedIn(do(p.act(onTerms), terms)))
	mux.Handle("GET /commitments", p.signedIn(show(p, "commitments.html", p.listCommitments)))
	mux.Handle("GET /commitments/export", p.signedIn(p.exportCommitments))
	mux.Handle("GET /board", p.signedIn(show(p, "board.html", p.showBoard)))
	mux.Handle("GET /mine", p.signedIn(show(p, "mine.html", p.showMine)))
	mux.Handle("GET /commitments/{id}", p.signedIn(commitment))
	mux.Handle("POST /commitments/{id}/{rpc}", p.signedIn(do(p.act(onCommitment), commitment)))
	mux.Handle("GET /files/{id}", p.signedIn(p.serveFile))
	mux.Handle("GET /deadlines/{id}", p.signedIn(show(p, "deadline.html", p.showDeadline)))
	mux.Handle("GET /due", p.signedIn(show(p, "due.html", p.computeDue)))
	mux.Handle("GET /calendar", p.signedIn(calendar))
	mux.Handle("POST /calendar/preview", p.signedIn(parsed(show(p, "calendar.html", p.previewCalendar))))
	mux.Handle("POST /calendar/{rpc}", p.signedIn(do(p.act(onCalendar), calendar)))
	mux.Handle("GET /rules", p.signedIn(rules))
	mux.Handle("POST /rules/preview", p.signedIn(parsed(show(p, "rules.html", p.previewRule))))
	mux.Handle("POST /rules/{rpc}", p.signedIn(do(p.act(onRules), rules)))
	mux.Handle("GET /notices", p.signedIn(notices))
	mux.Handle("GET /notices/upcoming", p.signedIn(show(p, "upcoming.html", p.listUpcoming)))
	mux.Handle("POST /notices/{rpc}", p.signedIn(do(p.act(onNotices), notices)))
	mux.Handle("GET /ladders", p.signedIn(ladders))
	mux.Handle("POST /ladders/{rpc}", p.signedIn(do(p.act(onLadders), ladders)))
	mux.Handle("GET /figures", p.signedIn(show(p, "figures.html", p.showFigures)))
	mux.Handle("GET /figures/{code}", p.signedIn(show(p, "figure.html", p.showFigure)))
	mux.Handle("GET /account", p.signedIn(account))
	mux.Handle("POST /account/CreateToken", p.signedIn(parsed(show(p, "account.html", p.createToken))))
	mux.Handle("POST /account/SaveNoticeSettings", p.signedIn(parsed(show(p, "account.html", p.saveNoticeSettings))))
	mux.Handle("POST /account/{rpc}", p.signedIn(do(p.act(onAccount), account)))
	mux.Handle("GET /users", p.signedIn(users))
	mux.Handle("POST /users/{rpc}", p.signedIn(do(p.act(onUsers), users)))
	mux.Handle("GET /organs", p.signedIn(organs))
	mux.Handle("POST /organs/{rpc}", p.signedIn(do(p.act(onOrgans), organs)))
	mux.Handle("/", p.open(func(http.ResponseWriter, *request) error { return errNoPage }))
	return mux
}
