package drill_test

import (
	"context"
	"fmt"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// errands are what people do besides leading a proposal.
var errands = []func(*life){
	(*life).keepFilter, (*life).keepSettings, (*life).keepToken, (*life).readNotices, (*life).followNews,
	(*life).voidNumber, (*life).handOver, (*life).hire,
}

// desk has somebody do one of the errands, now and then.
func (f *life) desk() {
	if f.chance(6) {
		errands[f.random.IntN(len(errands))](f)
	}
}

// errand makes a write that is no move of a proposal. To be told that somebody else
// has changed the thing meanwhile is an answer, and is counted.
func (f *life) errand(e entry, do func(ctx context.Context, request string) (entry, error)) (entry, bool) {
	e, err := f.write(f.ctx, e, do)
	switch {
	case connect.CodeOf(err) == connect.CodeAborted:
		f.stale.Add(1)
	case err != nil:
		f.complain(e.verb, err)
	}
	return e, err == nil
}

// keepFilter keeps a filter and forgets it.
func (f *life) keepFilter() {
	name := fmt.Sprint("夜间", f.sequence.Add(1))
	kept, ok := f.errand(entry{verb: "save_filter"}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Supervisor).filters.SaveFilter(ctx, &fuyanv1.SaveFilterRequest{
			RequestId: request, Name: name, List: &fuyanv1.ListProposalsRequest{Contains: "夜间", Overdue: true},
		})
		return entry{made: answer.GetFilter().GetId()}, err
	})
	if ok {
		f.errand(entry{verb: "delete_filter"}, func(ctx context.Context, request string) (entry, error) {
			_, err := f.as(f.Supervisor).filters.DeleteFilter(ctx, &fuyanv1.DeleteFilterRequest{RequestId: request, FilterId: kept.made})
			return entry{}, err
		})
	}
}

// keepSettings has one person say anew how to be told, in several windows.
func (f *life) keepSettings() {
	var version int64
	ok := f.sure("settings", func(ctx context.Context) error {
		answer, err := f.as(f.OtherHandler).notices.GetNoticeSettings(ctx, &fuyanv1.GetNoticeSettingsRequest{})
		version = answer.GetSettings().GetVersion()
		return err
	})
	if !ok {
		return
	}
	mail := fmt.Sprintf("other-handler-%d@example.cn", f.random.IntN(3))
	f.errand(entry{verb: "save_settings"}, func(ctx context.Context, request string) (entry, error) {
		_, err := f.as(f.OtherHandler).notices.SaveNoticeSettings(ctx, &fuyanv1.SaveNoticeSettingsRequest{
			RequestId: request, ExpectedVersion: version,
			Settings: &fuyanv1.NoticeSettings{Mail: mail, MailMode: fuyanv1.MailMode_MAIL_MODE_AT_ONCE},
		})
		return entry{}, err
	})
}

// keepToken makes a token for a script and ends it.
func (f *life) keepToken() {
	made, ok := f.errand(entry{verb: "create_token"}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Head).accounts.CreateToken(ctx, &fuyanv1.CreateTokenRequest{RequestId: request, Name: "脚本"})
		return entry{made: answer.GetToken().GetId()}, err
	})
	if ok {
		f.errand(entry{verb: "revoke_token"}, func(ctx context.Context, request string) (entry, error) {
			_, err := f.as(f.Head).accounts.RevokeToken(ctx, &fuyanv1.RevokeTokenRequest{RequestId: request, TokenId: made.made})
			return entry{}, err
		})
	}
}

// readNotices marks the latest notice read, and all before it.
func (f *life) readNotices() {
	var list []*fuyanv1.Notice
	ok := f.sure("notices", func(ctx context.Context) error {
		answer, err := f.as(f.Head).notices.ListNotices(ctx, &fuyanv1.ListNoticesRequest{PageSize: 1})
		list = answer.GetNotices()
		return err
	})
	if ok && len(list) > 0 {
		f.errand(entry{verb: "mark_read"}, func(ctx context.Context, request string) (entry, error) {
			_, err := f.as(f.Head).notices.MarkNoticeRead(ctx, &fuyanv1.MarkNoticeReadRequest{RequestId: request, NoticeId: list[0].Id, AndBefore: true})
			return entry{}, err
		})
	}
}

// followNews has the proposer say to have seen what happened.
func (f *life) followNews() {
	var followed *fuyanv1.Followed
	ok := f.sure("followed", func(ctx context.Context) error {
		answer, err := f.as(f.Delegate).follows.GetFollowed(ctx, &fuyanv1.GetFollowedRequest{ProposalId: f.id})
		followed = answer.GetFollowed()
		return err
	})
	if ok {
		f.errand(entry{verb: "mark_seen"}, func(ctx context.Context, request string) (entry, error) {
			_, err := f.as(f.Delegate).follows.MarkSeen(ctx, &fuyanv1.MarkSeenRequest{RequestId: request, ProposalId: f.id, Seq: followed.LastSeq})
			return entry{}, err
		})
	}
}

// voidNumber voids the next number of a series.
func (f *life) voidNumber() {
	year := int32(today().Year)
	f.errand(entry{verb: voidNumber}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Office).replies.VoidNumber(ctx, &fuyanv1.VoidNumberRequest{
			RequestId: request, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Year: year, Reason: "印错",
		})
		return entry{number: answer.GetDocumentNumber()}, err
	})
}

// handOver uploads a list of three proposals, says what holds for them all, and
// confirms or discards it.
func (f *life) handOver() {
	text := "案号,案由,提出人\n"
	for range 3 {
		text += fmt.Sprintf("%d,关于延长图书室开放的建议,丙某\n", 1_000_000+f.sequence.Add(1))
	}
	list, ok := f.errand(entry{verb: "upload_list"}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Office).imports.UploadHandOverList(ctx, &fuyanv1.UploadHandOverListRequest{RequestId: request, Text: text})
		return entry{made: answer.GetImport().GetId(), version: answer.GetImport().GetVersion()}, err
	})
	if !ok {
		return
	}
	day := today().String()
	matched, ok := f.errand(entry{verb: "match_columns"}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Office).imports.MatchColumns(ctx, &fuyanv1.MatchColumnsRequest{
			RequestId: request, ImportId: list.made, ExpectedVersion: list.version, HeaderLine: 1,
			Fields: []fuyanv1.ImportField{
				fuyanv1.ImportField_IMPORT_FIELD_NUMBER, fuyanv1.ImportField_IMPORT_FIELD_TITLE, fuyanv1.ImportField_IMPORT_FIELD_PROPOSERS,
			},
			Defaults: &fuyanv1.ImportDefaults{
				Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION, Sitting: &fuyanv1.Sitting{Body: "市人大", Term: 16, Session: 4}, HandedOver: day,
			},
		})
		return entry{made: answer.GetImport().GetId(), version: answer.GetImport().GetVersion()}, err
	})
	if ok {
		f.settleList(matched)
	}
}

// settleList confirms two lists of three.
func (f *life) settleList(list entry) {
	if f.chance(3) {
		f.errand(entry{verb: "discard_list"}, func(ctx context.Context, request string) (entry, error) {
			_, err := f.as(f.Office).imports.DiscardImport(ctx, &fuyanv1.DiscardImportRequest{
				RequestId: request, ImportId: list.made, ExpectedVersion: list.version,
			})
			return entry{made: list.made}, err
		})
		return
	}
	f.errand(entry{verb: confirmList}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Office).imports.ConfirmImport(ctx, &fuyanv1.ConfirmImportRequest{
			RequestId: request, ImportId: list.made, ExpectedVersion: list.version,
		})
		return entry{made: answer.GetImport().GetId()}, err
	})
}

// What the journal calls the errands that the verdict asks for.
const (
	voidNumber  = "void_number"
	confirmList = "confirm_list"
)

// hire puts somebody on record, who leaves again.
func (f *life) hire() {
	name := fmt.Sprint("temp-", f.sequence.Add(1))
	hired, ok := f.errand(entry{verb: "create_user"}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Admin).accounts.CreateUser(ctx, &fuyanv1.CreateUserRequest{
			RequestId: request, Name: name, DisplayName: "临时工", Password: "a-long-password",
			Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_HANDLER}, OrganId: f.Organ,
		})
		return entry{made: answer.GetUser().GetId(), version: answer.GetUser().GetVersion()}, err
	})
	if ok {
		f.errand(entry{verb: "set_roles"}, func(ctx context.Context, request string) (entry, error) {
			_, err := f.as(f.Admin).accounts.SetRoles(ctx, &fuyanv1.SetRolesRequest{
				RequestId: request, UserId: hired.made, ExpectedVersion: hired.version,
				Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_HANDLER}, Disabled: true,
			})
			return entry{}, err
		})
	}
}
