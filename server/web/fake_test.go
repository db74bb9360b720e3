package web_test

import (
	"cmp"
	"context"
	"path"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/gen/fuyan/v1/fuyanv1connect"
)

// service stands behind the pages: reads answer from its fields, writes are
// recorded and answered with nothing much. Errors and who is signed in are set
// by the test.
type service struct {
	fuyanv1connect.UnimplementedAccountServiceHandler
	fuyanv1connect.UnimplementedCalendarServiceHandler
	fuyanv1connect.UnimplementedCommitmentServiceHandler
	fuyanv1connect.UnimplementedFeedbackServiceHandler
	fuyanv1connect.UnimplementedProposalServiceHandler
	fuyanv1connect.UnimplementedReplyServiceHandler
	fuyanv1connect.UnimplementedNoticeServiceHandler
	fuyanv1connect.UnimplementedReportServiceHandler
	fuyanv1connect.UnimplementedPublicServiceHandler
	fuyanv1connect.UnimplementedBoardServiceHandler
	fuyanv1connect.UnimplementedJobServiceHandler
	fuyanv1connect.UnimplementedFollowServiceHandler
	fuyanv1connect.UnimplementedImportServiceHandler
	fuyanv1connect.UnimplementedWorkServiceHandler
	fuyanv1connect.UnimplementedFilterServiceHandler

	me          *fuyanv1.User // nil for nobody
	unread      int32
	view        *fuyanv1.ProposalView
	list        []*fuyanv1.Proposal
	reply       *fuyanv1.Reply // nil while there is none
	feedback    []*fuyanv1.FeedbackRound
	commitment  *fuyanv1.GetCommitmentResponse
	commitments []*fuyanv1.Commitment
	board       *fuyanv1.CommitmentBoard
	overdue     *fuyanv1.OverdueBoard
	items       []*fuyanv1.BoardItem
	jobs        *fuyanv1.ListJobsResponse
	followed    []*fuyanv1.Followed
	work        []*fuyanv1.WorkItem
	counts      []*fuyanv1.WorkCount
	filters     []*fuyanv1.Filter
	outcomes    []*fuyanv1.AssignOutcome
	users       []*fuyanv1.User
	file        *fuyanv1.File
	check       *fuyanv1.CheckDraftResponse
	reading     *fuyanv1.Reading
	published   *fuyanv1.PublishedReply // nil while nothing is
	moreOrgans  bool
	otherOrgans []*fuyanv1.Organ // beside those of organs
	imported    *fuyanv1.Import
	importRows  []*fuyanv1.ImportRow
	next        string           // the page token of lists
	fail        map[string]error // by RPC

	mu       sync.Mutex
	requests []proto.Message
}

func (s *service) server() *connect.Server {
	srv := connect.NewServer(s.record)
	register(srv, s)
	return srv
}

func register(srv *connect.Server, s *service) {
	fuyanv1connect.RegisterAccountServiceHandler(srv, s)
	fuyanv1connect.RegisterCommitmentServiceHandler(srv, s)
	fuyanv1connect.RegisterCalendarServiceHandler(srv, s)
	fuyanv1connect.RegisterFeedbackServiceHandler(srv, s)
	fuyanv1connect.RegisterProposalServiceHandler(srv, s)
	fuyanv1connect.RegisterReplyServiceHandler(srv, s)
	fuyanv1connect.RegisterNoticeServiceHandler(srv, s)
	fuyanv1connect.RegisterReportServiceHandler(srv, s)
	fuyanv1connect.RegisterPublicServiceHandler(srv, s)
	fuyanv1connect.RegisterBoardServiceHandler(srv, s)
	fuyanv1connect.RegisterJobServiceHandler(srv, s)
	fuyanv1connect.RegisterFollowServiceHandler(srv, s)
	fuyanv1connect.RegisterImportServiceHandler(srv, s)
	fuyanv1connect.RegisterWorkServiceHandler(srv, s)
	fuyanv1connect.RegisterFilterServiceHandler(srv, s)
}

// record keeps every request, fails those that are to fail, and answers the
// writes that have no method here with an empty message.
func (s *service) record(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		kept := &keeping{ServerStream: stream, s: s}
		rpc := path.Base(spec.Procedure)
		if err := s.fail[rpc]; err != nil {
			if broken := kept.Receive(message(spec, protoreflect.MethodDescriptor.Input)); broken != nil {
				return broken
			}
			return err
		}
		err := next(ctx, spec, kept)
		if connect.CodeOf(err) != connect.CodeUnimplemented {
			return err
		}
		return stream.Send(message(spec, protoreflect.MethodDescriptor.Output))
	}
}

// message is an empty one of the type that an RPC takes or gives.
func message(spec connect.Spec, of func(protoreflect.MethodDescriptor) protoreflect.MessageDescriptor) proto.Message {
	t, err := protoregistry.GlobalTypes.FindMessageByName(of(spec.Schema.(protoreflect.MethodDescriptor)).FullName())
	if err != nil {
		panic(err)
	}
	return t.New().Interface()
}

type keeping struct {
	connect.ServerStream
	s *service
}

func (k *keeping) Receive(msg any) error {
	err := k.ServerStream.Receive(msg)
	if err == nil {
		k.s.mu.Lock()
		k.s.requests = append(k.s.requests, proto.Clone(msg.(proto.Message)))
		k.s.mu.Unlock()
	}
	return err
}

// sent returns the last request of a type; nil when there was none.
func sent[M proto.Message](s *service) M {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.requests) - 1; i >= 0; i-- {
		if m, ok := s.requests[i].(M); ok {
			return m
		}
	}
	var none M
	return none
}

// refused is an error as the service words it, with its detail.
func refused(code connect.Code, message string, detail *fuyanv1.Refusal) error {
	d, err := connectproto.NewErrorDetail(detail)
	if err != nil {
		panic(err)
	}
	return connect.NewError(code, message).WithDetail(d)
}

func (s *service) GetMe(context.Context, *fuyanv1.GetMeRequest) (*fuyanv1.GetMeResponse, error) {
	if s.me == nil {
		return nil, connect.NewError(connect.CodeUnauthenticated, "sign in first")
	}
	return &fuyanv1.GetMeResponse{User: s.me, UnreadNotices: s.unread}, nil
}

func (s *service) SignIn(_ context.Context, req *fuyanv1.SignInRequest) (*fuyanv1.SignInResponse, error) {
	if req.Password != "right" {
		return nil, connect.NewError(connect.CodeUnauthenticated, "wrong name or password")
	}
	return &fuyanv1.SignInResponse{Token: "token-1", ExpireTime: timestamppb.New(now().Add(time.Hour)), User: office()}, nil
}

func (s *service) GetProposal(context.Context, *fuyanv1.GetProposalRequest) (*fuyanv1.GetProposalResponse, error) {
	return &fuyanv1.GetProposalResponse{View: s.view}, nil
}

func (s *service) ListProposals(context.Context, *fuyanv1.ListProposalsRequest) (*fuyanv1.ListProposalsResponse, error) {
	return &fuyanv1.ListProposalsResponse{Proposals: s.list, NextPageToken: s.next}, nil
}

func (s *service) ListSittings(context.Context, *fuyanv1.ListSittingsRequest) (*fuyanv1.ListSittingsResponse, error) {
	return &fuyanv1.ListSittingsResponse{Sittings: []*fuyanv1.Sitting{{Body: "市人大", Term: 16, Session: 4}, sitting()}}, nil
}

func (s *service) ListWork(context.Context, *fuyanv1.ListWorkRequest) (*fuyanv1.ListWorkResponse, error) {
	return &fuyanv1.ListWorkResponse{Items: s.work, Counts: s.counts, NextPageToken: s.next}, nil
}

func (s *service) ListFilters(context.Context, *fuyanv1.ListFiltersRequest) (*fuyanv1.ListFiltersResponse, error) {
	return &fuyanv1.ListFiltersResponse{Filters: s.filters}, nil
}

func (s *service) AssignProposals(context.Context, *fuyanv1.AssignProposalsRequest) (*fuyanv1.AssignProposalsResponse, error) {
	return &fuyanv1.AssignProposalsResponse{Outcomes: s.outcomes}, nil
}

func (s *service) ReceiveProposal(context.Context, *fuyanv1.ReceiveProposalRequest) (*fuyanv1.ReceiveProposalResponse, error) {
	return &fuyanv1.ReceiveProposalResponse{Proposal: &fuyanv1.Proposal{Id: 99}}, nil
}

// ListEvents answers in two pages.
func (s *service) ListEvents(_ context.Context, req *fuyanv1.ListEventsRequest) (*fuyanv1.ListEventsResponse, error) {
	if req.PageToken == "" {
		return &fuyanv1.ListEventsResponse{Events: events()[:2], NextPageToken: "2"}, nil
	}
	return &fuyanv1.ListEventsResponse{Events: events()[2:]}, nil
}

func (s *service) GetReply(context.Context, *fuyanv1.GetReplyRequest) (*fuyanv1.GetReplyResponse, error) {
	if s.reply == nil {
		return nil, connect.NewError(connect.CodeNotFound, "no reply yet")
	}
	return &fuyanv1.GetReplyResponse{Reply: s.reply}, nil
}

func (s *service) ListFeedback(context.Context, *fuyanv1.ListFeedbackRequest) (*fuyanv1.ListFeedbackResponse, error) {
	return &fuyanv1.ListFeedbackResponse{Rounds: s.feedback}, nil
}

func (s *service) CheckDraft(context.Context, *fuyanv1.CheckDraftRequest) (*fuyanv1.CheckDraftResponse, error) {
	return s.check, nil
}

func (s *service) KeepWorkingCopy(_ context.Context, req *fuyanv1.KeepWorkingCopyRequest) (*fuyanv1.KeepWorkingCopyResponse, error) {
	kept := &fuyanv1.WorkingCopy{Version: req.ExpectedVersion + 1, Base: req.Base, Text: req.Text, KeepTime: at(20, 11)}
	return &fuyanv1.KeepWorkingCopyResponse{WorkingCopy: kept, LatestDraft: s.reply.Drafts[0].Number}, nil
}

// ReadLetter takes every file for plain text.
func (s *service) ReadLetter(_ context.Context, req *fuyanv1.ReadLetterRequest) (*fuyanv1.ReadLetterResponse, error) {
	return &fuyanv1.ReadLetterResponse{Reading: s.reading, Text: req.Text + string(req.File)}, nil
}

func (s *service) ListCommitments(context.Context, *fuyanv1.ListCommitmentsRequest) (*fuyanv1.ListCommitmentsResponse, error) {
	return &fuyanv1.ListCommitmentsResponse{Commitments: s.commitments}, nil
}

func (s *service) GetCommitmentBoard(context.Context, *fuyanv1.GetCommitmentBoardRequest) (*fuyanv1.GetCommitmentBoardResponse, error) {
	return &fuyanv1.GetCommitmentBoardResponse{Board: s.board}, nil
}

func (s *service) ExportCommitments(context.Context, *fuyanv1.ExportCommitmentsRequest) (*fuyanv1.ExportCommitmentsResponse, error) {
	return &fuyanv1.ExportCommitmentsResponse{Content: []byte("PK…"), FileName: "承诺事项-2026-05-20.xlsx", MediaType: "application/zip"}, nil
}

func (s *service) GetCommitment(context.Context, *fuyanv1.GetCommitmentRequest) (*fuyanv1.GetCommitmentResponse, error) {
	return s.commitment, nil
}

// UploadFile numbers files by what they hold, and refuses programs.
func (s *service) UploadFile(_ context.Context, req *fuyanv1.UploadFileRequest) (*fuyanv1.UploadFileResponse, error) {
	if strings.HasPrefix(string(req.Content), "MZ") {
		return nil, refused(connect.CodeInvalidArgument, "字段 content：这是程序", &fuyanv1.Refusal{Field: "content"})
	}
	return &fuyanv1.UploadFileResponse{File: &fuyanv1.File{Id: 70 + int64(len(req.Content)), Name: path.Base(req.Name), Public: req.Public}}, nil
}

func (s *service) GetFile(context.Context, *fuyanv1.GetFileRequest) (*fuyanv1.GetFileResponse, error) {
	return &fuyanv1.GetFileResponse{File: s.file, Content: []byte("bytes")}, nil
}

func (s *service) ExplainDeadline(context.Context, *fuyanv1.ExplainDeadlineRequest) (*fuyanv1.ExplainDeadlineResponse, error) {
	return &fuyanv1.ExplainDeadlineResponse{Deadline: s.view.Deadlines[0], Steps: steps(), Proposal: s.view.Proposal}, nil
}

func (s *service) ComputeDeadline(context.Context, *fuyanv1.ComputeDeadlineRequest) (*fuyanv1.ComputeDeadlineResponse, error) {
	return &fuyanv1.ComputeDeadlineResponse{Due: "2027-01-26", Provisional: true, Steps: steps(), Rule: rules()[0]}, nil
}

func (s *service) ListCalendarDays(_ context.Context, req *fuyanv1.ListCalendarDaysRequest) (*fuyanv1.ListCalendarDaysResponse, error) {
	return calendarYear(int(cmp.Or(req.Year, 2026))), nil
}

func (s *service) ListRules(context.Context, *fuyanv1.ListRulesRequest) (*fuyanv1.ListRulesResponse, error) {
	return &fuyanv1.ListRulesResponse{Rules: rules()}, nil
}

func (s *service) ImportCalendar(context.Context, *fuyanv1.ImportCalendarRequest) (*fuyanv1.ImportCalendarResponse, error) {
	return &fuyanv1.ImportCalendarResponse{
		Days:  []*fuyanv1.CalendarDay{{Date: "2027-02-06", Kind: fuyanv1.DayKind_DAY_KIND_MAKE_UP, Name: "调休上班"}},
		Years: []int32{2027}, Moved: movedDeadlines(), Moves: "digest",
	}, nil
}

func (s *service) SetRule(_ context.Context, req *fuyanv1.SetRuleRequest) (*fuyanv1.SetRuleResponse, error) {
	return &fuyanv1.SetRuleResponse{Rule: rules()[0], Moved: movedDeadlines(), Moves: "digest"}, nil
}

func (s *service) ListUsers(context.Context, *fuyanv1.ListUsersRequest) (*fuyanv1.ListUsersResponse, error) {
	return &fuyanv1.ListUsersResponse{Users: s.users}, nil
}

func (s *service) ListOrgans(_ context.Context, req *fuyanv1.ListOrgansRequest) (*fuyanv1.ListOrgansResponse, error) {
	out := &fuyanv1.ListOrgansResponse{MoreOrgans: req.Answering && s.moreOrgans}
	for _, o := range append(organs(), s.otherOrgans...) {
		if req.Answering {
			o.Divisions = nil
		}
		left := req.Answering && (o.Oversight != 0 || s.moreOrgans && o.Id > 1)
		if req.OrganId == 0 && !left || req.OrganId == o.Id {
			out.Organs = append(out.Organs, o)
		}
	}
	return out, nil
}

func (s *service) CreateToken(_ context.Context, req *fuyanv1.CreateTokenRequest) (*fuyanv1.CreateTokenResponse, error) {
	return &fuyanv1.CreateTokenResponse{
		Token:  &fuyanv1.Token{Id: 5, Name: req.Name, ExpireTime: timestamppb.New(now().AddDate(0, 0, 90))},
		Secret: "fy_secret",
	}, nil
}

// now is when every test happens: 20 May 2026, ten in the morning in Shanghai.
func now() time.Time { return time.Date(2026, 5, 20, 2, 0, 0, 0, time.UTC) }

// spanOf is where part stands in text, in characters.
func spanOf(text, part string) *fuyanv1.Span {
	at := strings.Index(text, part)
	if at < 0 {
		panic("no such part: " + part)
	}
	start := utf8.RuneCountInString(text[:at])
	return &fuyanv1.Span{Start: int32(start), End: int32(start + utf8.RuneCountInString(part))}
}

func (s *service) SearchReplies(_ context.Context, req *fuyanv1.SearchRepliesRequest) (*fuyanv1.SearchRepliesResponse, error) {
	if req.Query == "《》" {
		return &fuyanv1.SearchRepliesResponse{Wordless: true}, nil
	}
	out := &fuyanv1.SearchRepliesResponse{NextPageToken: s.next}
	if s.published != nil {
		out.Replies = []*fuyanv1.PublishedReply{s.published}
	}
	return out, nil
}

func (s *service) GetPublishedReply(context.Context, *fuyanv1.GetPublishedReplyRequest) (*fuyanv1.GetPublishedReplyResponse, error) {
	if s.published == nil {
		return nil, connect.NewError(connect.CodeNotFound, "none")
	}
	return &fuyanv1.GetPublishedReplyResponse{Reply: s.published}, nil
}

func (s *service) GetPublicCatalogue(context.Context, *fuyanv1.GetPublicCatalogueRequest) (*fuyanv1.GetPublicCatalogueResponse, error) {
	if s.published == nil {
		return new(fuyanv1.GetPublicCatalogueResponse), nil
	}
	return &fuyanv1.GetPublicCatalogueResponse{
		Years:    []*fuyanv1.PublishedYear{{Year: 2026, Replies: 1001}, {Year: 2025, Replies: 1000}},
		Sittings: []*fuyanv1.PublishedSitting{{Sitting: sitting(), Replies: 2001}},
		Organs:   []*fuyanv1.PublishedOrgan{{OrganId: 1, Name: "上海市科学技术委员会", Replies: 2001}}, MoreOrgans: s.moreOrgans,
	}, nil
}

func (s *service) ListPublishedAddresses(
	context.Context, *fuyanv1.ListPublishedAddressesRequest,
) (*fuyanv1.ListPublishedAddressesResponse, error) {
	return &fuyanv1.ListPublishedAddressesResponse{Addresses: []*fuyanv1.PublishedAddress{{ProposalId: 7, Published: "2026-03-05"}}}, nil
}

func (s *service) GetOverdueBoard(context.Context, *fuyanv1.GetOverdueBoardRequest) (*fuyanv1.GetOverdueBoardResponse, error) {
	return &fuyanv1.GetOverdueBoardResponse{Board: s.overdue}, nil
}

func (s *service) ListBoardItems(context.Context, *fuyanv1.ListBoardItemsRequest) (*fuyanv1.ListBoardItemsResponse, error) {
	return &fuyanv1.ListBoardItemsResponse{Items: s.items, NextPageToken: s.next}, nil
}

func (s *service) ListJobs(context.Context, *fuyanv1.ListJobsRequest) (*fuyanv1.ListJobsResponse, error) {
	return s.jobs, nil
}

func (s *service) ListFollowed(context.Context, *fuyanv1.ListFollowedRequest) (*fuyanv1.ListFollowedResponse, error) {
	return &fuyanv1.ListFollowedResponse{Followed: s.followed}, nil
}

func (s *service) GetFollowed(_ context.Context, req *fuyanv1.GetFollowedRequest) (*fuyanv1.GetFollowedResponse, error) {
	for _, f := range s.followed {
		if f.Proposal.Id == req.ProposalId {
			return &fuyanv1.GetFollowedResponse{Followed: f}, nil
		}
	}
	return nil, connect.NewError(connect.CodeNotFound, "none of yours")
}
