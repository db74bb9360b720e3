package web

import (
	"context"
	"errors"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type accountPage struct {
	*fuyanv1.User
	Password, Create, Revoke formView
	Notices                  formView
	Saved                    bool           // the settings, just now
	WebhookSecret            string         // shown this once
	Token                    *fuyanv1.Token // just made; nil for none
	Secret                   string         // shown this once
}

func (p *pages) showAccount(r *request) (accountPage, error) {
	answer, err := p.notices.GetNoticeSettings(r.Context(), &fuyanv1.GetNoticeSettingsRequest{})
	if err != nil {
		return accountPage{}, err
	}
	at := func(rpc string, version int64) formView {
		return p.forms[rpc].view(r, place{rpc, "/account/" + rpc, version}, subject{settings: answer.Settings})
	}
	return accountPage{
		User: r.me, Password: at("ChangePassword", 0), Create: at("CreateToken", 0), Revoke: at("RevokeToken", 0),
		Notices: at("SaveNoticeSettings", answer.Settings.GetVersion()),
	}, nil
}

// createToken makes a token and shows its secret in the answer itself: it is
// nowhere else to be had, so no other page could show it.
func (p *pages) createToken(r *request) (accountPage, error) {
	answer, err := p.accounts.CreateToken(r.Context(), createToken(r.input()))
	if refused, ok := errors.AsType[*refusal](refuse("CreateToken", err)); ok {
		r.failed = refused
	} else if err != nil {
		return accountPage{}, err
	}
	page, err := p.showAccount(r)
	page.Token, page.Secret = answer.GetToken(), answer.GetSecret()
	return page, err
}

// allUsers are the accounts that the caller may see.
func (p *pages) allUsers(ctx context.Context) ([]*fuyanv1.User, error) { return p.staffOf(ctx, 0) }

// staffOf are the accounts of one organ that the caller may see, or of all: an
// office sees thousands of delegates as well.
func (p *pages) staffOf(ctx context.Context, organ int64) ([]*fuyanv1.User, error) {
	return everyPage(func(token string) ([]*fuyanv1.User, string, error) {
		answer, err := p.accounts.ListUsers(ctx, &fuyanv1.ListUsersRequest{OrganId: organ, PageSize: pageSize, PageToken: token})
		return answer.GetUsers(), answer.GetNextPageToken(), err
	})
}

// usersIfAllowed are the accounts that the caller may see: none for those who
// may not list them.
func (p *pages) usersIfAllowed(ctx context.Context) ([]*fuyanv1.User, error) {
	all, err := p.allUsers(ctx)
	if connect.CodeOf(err) == connect.CodePermissionDenied {
		return nil, nil
	}
	return all, err
}

func (p *pages) organsOf(ctx context.Context) ([]*fuyanv1.Organ, error) {
	answer, err := p.accounts.ListOrgans(ctx, &fuyanv1.ListOrgansRequest{})
	return answer.GetOrgans(), err
}
