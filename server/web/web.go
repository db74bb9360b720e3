// Package web serves the pages that people see: sign-in, the list of proposals
// and each proposal with every move that may be made, drafting, commitments,
// deadlines and why they fall on their day, the calendar, notices, figures, accounts
// and organs; and to everybody, as pages, feed and sitemap, what is published.
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
	"log/slog"
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
	public      fuyanv1connect.PublicServiceClient
	boards      fuyanv1connect.BoardServiceClient
	jobs        fuyanv1connect.JobServiceClient
	follows     fuyanv1connect.FollowServiceClient
	imports     fuyanv1connect.ImportServiceClient
	work        fuyanv1connect.WorkServiceClient
	filters     fuyanv1connect.FilterServiceClient
	errors      func(http.ResponseWriter, *request, errorPage) error
	signInPage  func(http.ResponseWriter, *request, signInPage) error
	resumePage  func(http.ResponseWriter, *request, resumePage) error
	forms       map[string]form // by RPC
	now         func() time.Time
	log         *slog.Logger
}

// New returns the handler of every page. The context of a request reaches the
// RPCs that client makes for it; what stands before the handler puts into it who
// is signed in, by the cookie that SignIn
// of the account service gave it. The log is told what no RPC has told it.
func New(client *connect.Client, log *slog.Logger) http.Handler { return newAt(client, log, time.Now) }

func newAt(client *connect.Client, log *slog.Logger, now func() time.Time) http.Handler {
	p := &pages{
		accounts:    fuyanv1connect.NewAccountServiceClient(client),
		proposals:   fuyanv1connect.NewProposalServiceClient(client),
		replies:     fuyanv1connect.NewReplyServiceClient(client),
		commitments: fuyanv1connect.NewCommitmentServiceClient(client),
		feedback:    fuyanv1connect.NewFeedbackServiceClient(client),
		calendars:   fuyanv1connect.NewCalendarServiceClient(client),
		notices:     fuyanv1connect.NewNoticeServiceClient(client),
		reports:     fuyanv1connect.NewReportServiceClient(client),
		public:      fuyanv1connect.NewPublicServiceClient(client),
		boards:      fuyanv1connect.NewBoardServiceClient(client),
		jobs:        fuyanv1connect.NewJobServiceClient(client),
		follows:     fuyanv1connect.NewFollowServiceClient(client),
		imports:     fuyanv1connect.NewImportServiceClient(client),
		work:        fuyanv1connect.NewWorkServiceClient(client),
		filters:     fuyanv1connect.NewFilterServiceClient(client),
		now:         now,
		log:         log,
	}
	p.forms = p.allForms()
	p.errors = render[errorPage](p, "error.html")
	p.signInPage = render[signInPage](p, "sign-in.html")
	p.resumePage = render[resumePage](p, "resume.html")
	return p.guarded(p.routes())
}

func (p *pages) routes() *http.ServeMux {
	receive, read := show(p, "receive.html", p.receiveForm), show(p, "receive.html", p.readLetter)
	list := show(p, "proposals.html", p.listProposals)
	draft := show(p, "draft.html", p.showDraft)

	mux := http.NewServeMux()
	p.openRoutes(mux)
	page := func(pattern string, h handler) { mux.Handle(pattern, p.signedIn(h)) }
	// A page with forms, each of which makes a move and goes back to it.
	forms := func(path, on string, h handler) {
		page("GET "+path, h)
		page("POST "+path+"/{rpc}", do(p.act(on), h))
	}
	page("GET /work", show(p, "work.html", p.showWork))
	page("GET /proposals", list)
	page("POST /filters/{rpc}", do(p.keepFilter, list))
	page("GET /proposals/assign", show(p, "assign.html", p.chooseHandler))
	page("POST /proposals/assign", p.assignChosen(render[assignPage](p, "assign.html")))
	page("GET /proposals/new", receive)
	page("POST /proposals/new", p.postReceive(receive, read))
	page("POST /letters/read", parsed(read))
	imports, oneImport := show(p, "imports.html", p.listImports), p.importPages()
	page("GET /imports", imports)
	page("POST /imports", do(p.uploadList, imports))
	forms("/imports/{id}", onImport, oneImport)
	page("POST /imports/{id}/DiscardImport", do(p.discardImport, oneImport))
	page("GET /imports/{id}/refused", p.exportRefused)
	forms("/proposals/{id}", onProposal, show(p, "proposal.html", p.showProposal))
	page("GET /proposals/{id}/drafts", show(p, "drafts.html", p.compareDrafts))
	page("GET /proposals/{id}/letter", show(p, "letter.html", p.showLetter))
	page("POST /proposals/{id}/draft", p.postDraft(draft))
	mux.Handle("POST /proposals/{id}/draft/keep", p.background(p.keep))
	mux.Handle("POST /proposals/{id}/draft/check", p.background(p.checked()))
	forms("/proposals/{id}/draft", onDraft, draft)
	forms("/terms", onTerms, show(p, "terms.html", p.listTerms))
	page("GET /board", show(p, "board.html", p.showBoard))
	page("GET /board/commitments", show(p, "promises.html", p.showPromises))
	page("GET /board/{list}", show(p, "board-list.html", p.listBoard))
	forms("/jobs", onJobs, show(p, "jobs.html", p.listJobs))
	forms("/mine", onMine, show(p, "mine.html", p.showMine))
	page("GET /commitments", show(p, "commitments.html", p.listCommitments))
	page("GET /commitments/export", p.exportCommitments)
	forms("/commitments/{id}", onCommitment, show(p, "commitment.html", p.showCommitment))
	page("GET /files/{id}", p.serveFile)
	page("GET /deadlines/{id}", show(p, "deadline.html", p.showDeadline))
	page("GET /due", show(p, "due.html", p.computeDue))
	page("POST /calendar/preview", parsed(show(p, "calendar.html", p.previewCalendar)))
	forms("/calendar", onCalendar, show(p, "calendar.html", p.showCalendar))
	page("POST /rules/preview", parsed(show(p, "rules.html", p.previewRule)))
	forms("/rules", onRules, show(p, "rules.html", p.showRules))
	page("GET /notices/upcoming", show(p, "upcoming.html", p.listUpcoming))
	forms("/notices", onNotices, show(p, "notices.html", p.listNotices))
	forms("/ladders", onLadders, show(p, "ladders.html", p.listLadders))
	page("GET /figures", show(p, "figures.html", p.showFigures))
	page("GET /figures/{code}", show(p, "figure.html", p.showFigure))
	page("POST /account/CreateToken", parsed(show(p, "account.html", p.createToken)))
	page("POST /account/SaveNoticeSettings", parsed(show(p, "account.html", p.saveNoticeSettings)))
	forms("/account", onAccount, show(p, "account.html", p.showAccount))
	forms("/users", onUsers, show(p, "users.html", p.listUsers))
	forms("/organs", onOrgans, show(p, "organs.html", p.listOrgans))
	return mux
}

// openRoutes are there for everybody.
func (p *pages) openRoutes(mux *http.ServeMux) {
	signIn := show(p, "sign-in.html", p.signInForm)
	mux.HandleFunc("GET /assets/style.css", style.serve)
	mux.HandleFunc("GET /assets/script.js", script.serve)
	mux.Handle("GET /{$}", p.open(p.home(show(p, "front.html", p.publicFront))))
	mux.Handle("GET /sign-in", p.open(signIn))
	mux.Handle("POST /sign-in", p.open(p.signIn(signIn)))
	mux.Handle("POST /sign-out", p.open(parsed(p.signOut)))
	mux.Handle("GET /replies", p.open(show(p, "replies.html", p.searchReplies)))
	mux.Handle("GET /replies/{id}", p.open(show(p, "published.html", p.showPublished)))
	mux.Handle("GET /replies/text/{id}", p.open(p.showPublishedText))
	mux.Handle("GET /replies/years", p.open(show(p, "years.html", p.listYears)))
	mux.Handle("GET /replies/years/{year}", p.open(show(p, "years.html", p.listYear)))
	mux.Handle("GET /replies/feed", p.open(p.feed))
	mux.Handle("GET /sitemap.xml", p.open(p.sitemap))
	mux.Handle("GET /robots.txt", http.HandlerFunc(serveRobots))
	mux.Handle("/", p.open(func(http.ResponseWriter, *request) error { return errNoPage }))
}
