// Package server answers RPCs and serves the web pages.
//
// A request gets an id, a deadline and one line in the log (edge.serve). A call
// then passes, from the outside in: who asks (identify), what the log will say of
// it (edge.note), what a refusal looks like (reportErrors), panics (recoverPanics),
// whether there is room for it (edge.share), whether the caller's role may call the
// method at all (checkAccess), and what a request must look like (the rules of proto,
// refuseText). What is left for the method is to turn the request into one call of
// package postgres and its rows into messages. Every further decision is made there
// and in casework.
package server

import (
	"compress/gzip"
	"net/http"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectgzip"
	"connectrpc.com/connect/v2/connecthttp"
	"connectrpc.com/connect/v2/connectinprocess"
	"connectrpc.com/connect/v2/connectproto"
	"connectrpc.com/validate"

	"fuyan/document"
	"fuyan/gen/fuyan/v1/fuyanv1connect"
	"fuyan/postgres"
	"fuyan/server/web"
)

// maxRequest bounds a request: the longest text may have 200,000 characters, of
// four bytes at most.
const maxRequest = 4 << 20

// maxFile bounds a request that brings a file, which JSON writes in base64.
const maxFile = document.MaxSize/3*4 + 1<<20

// onePacket is what is sent in one packet anyhow: to compress less gains nothing. What
// is larger is compressed at the best speed, in half the time and to a tenth more
// than by default.
const onePacket = 1400

// New returns the handler of everything the service serves. The pages use the
// same RPCs as any other client, without the network.
func New(d *postgres.DB, o Options) http.Handler {
	e := newEdge(d, o)
	rpcs := connect.NewServer(
		identify(d),
		e.note,
		e.Observer.FollowCalls(),
		reportErrors(o.Log),
		recoverPanics,
		e.share,
		e.checkAccess,
		validate.NewServerInterceptor(validate.WithoutErrorDetails()),
		refuseText,
	)
	fuyanv1connect.RegisterAccountServiceHandler(rpcs, &accountService{d})
	fuyanv1connect.RegisterProposalServiceHandler(rpcs, &proposalService{d})
	fuyanv1connect.RegisterReplyServiceHandler(rpcs, &replyService{d})
	fuyanv1connect.RegisterCommitmentServiceHandler(rpcs, &commitmentService{d})
	fuyanv1connect.RegisterFeedbackServiceHandler(rpcs, &feedbackService{d})
	fuyanv1connect.RegisterCalendarServiceHandler(rpcs, &calendarService{d})
	fuyanv1connect.RegisterNoticeServiceHandler(rpcs, &noticeService{d})
	fuyanv1connect.RegisterReportServiceHandler(rpcs, &reportService{d})
	fuyanv1connect.RegisterPublicServiceHandler(rpcs, &publicService{d})
	fuyanv1connect.RegisterBoardServiceHandler(rpcs, &boardService{d})
	fuyanv1connect.RegisterJobServiceHandler(rpcs, &jobService{d})
	fuyanv1connect.RegisterFollowServiceHandler(rpcs, &followService{d})
	fuyanv1connect.RegisterImportServiceHandler(rpcs, &importService{d})
	fuyanv1connect.RegisterWorkServiceHandler(rpcs, &workService{d})
	fuyanv1connect.RegisterFilterServiceHandler(rpcs, &filterService{d})

	for spec := range rpcs.Specs() {
		e.methods[spec.Procedure] = methodOf(spec)
	}

	mux := http.NewServeMux()
	// A misspelt filter would list everything, a misspelt field be lost: JSON says
	// what it does not know.
	strict := connectproto.NewJSONCodec()
	strict.UnmarshalOptions.DiscardUnknown = false
	mount := func(on *http.ServeMux, most int) {
		connecthttp.Mount(on, rpcs, connecthttp.WithCodecs(connectproto.NewBinaryCodec(), strict), connecthttp.WithReadMaxBytes(most),
			connecthttp.WithCompressors(connectgzip.New(connectgzip.WithLevel(gzip.BestSpeed))), connecthttp.WithCompressMinBytes(onePacket))
	}
	mount(mux, maxRequest)
	files := http.NewServeMux()
	mount(files, maxFile)
	mux.Handle("POST "+fuyanv1connect.ReplyServiceReadLetterProcedure, files)
	mux.Handle("POST "+fuyanv1connect.CommitmentServiceUploadFileProcedure, files)
	mux.Handle("POST "+fuyanv1connect.ImportServiceUploadHandOverListProcedure, files)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent) // every browser asks, and there is none
	})
	mux.Handle("/", e.pages(web.New(connect.NewClient(connectinprocess.New(rpcs)), o.Log)))
	return e.serve(mux)
}
