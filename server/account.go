package server

import (
	"cmp"
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// accountService implements fuyanv1connect.AccountServiceHandler.
type accountService struct{ db *postgres.DB }

// defaultTokenDays is how long a token lasts that names no days.
const defaultTokenDays = 90

func (s *accountService) SignIn(ctx context.Context, req *fuyanv1.SignInRequest) (*fuyanv1.SignInResponse, error) {
	session, err := s.db.SignIn(ctx, req.Name, req.Password)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SignInResponse{
		Token: session.Token, ExpireTime: timestamppb.New(session.ExpiresAt), User: toUser(session.Account),
	}, nil
}

func (s *accountService) SignOut(ctx context.Context, _ *fuyanv1.SignOutRequest) (*fuyanv1.SignOutResponse, error) {
	if err := s.db.SignOut(ctx, tokenFrom(ctx), userFrom(ctx).ID); err != nil {
		return nil, err
	}
	return &fuyanv1.SignOutResponse{}, nil
}

func (s *accountService) GetMe(ctx context.Context, _ *fuyanv1.GetMeRequest) (*fuyanv1.GetMeResponse, error) {
	a, err := s.db.Me(ctx, userFrom(ctx).ID)
	if err != nil {
		return nil, err
	}
	unread, err := s.db.UnreadNotices(ctx, userFrom(ctx))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GetMeResponse{User: toUser(a), UnreadNotices: int32(unread)}, nil
}

func (s *accountService) CreateUser(ctx context.Context, req *fuyanv1.CreateUserRequest) (*fuyanv1.CreateUserResponse, error) {
	a, err := s.db.CreateUser(ctx, callOf(ctx, req, 0, 0), postgres.NewUser{
		Name: req.Name, DisplayName: req.DisplayName, Password: req.Password, Roles: roles.listFrom(req.Roles),
		OrganID: req.OrganId, DivisionID: req.DivisionId,
	})
	if err != nil {
		return nil, err
	}
	return &fuyanv1.CreateUserResponse{User: toUser(a)}, nil
}

func (s *accountService) ListUsers(ctx context.Context, req *fuyanv1.ListUsersRequest) (*fuyanv1.ListUsersResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.ListUsers(ctx, userFrom(ctx), req.OrganId, page.key, page.limit())
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, func(a postgres.Account) string { return a.User.Name })
	out := &fuyanv1.ListUsersResponse{NextPageToken: next}
	for _, a := range rows {
		out.Users = append(out.Users, toUser(a))
	}
	return out, nil
}

func (s *accountService) SetRoles(ctx context.Context, req *fuyanv1.SetRolesRequest) (*fuyanv1.SetRolesResponse, error) {
	a, err := s.db.SetRoles(ctx, callOf(ctx, req, req.UserId, req.ExpectedVersion), roles.listFrom(req.Roles), req.Disabled)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SetRolesResponse{User: toUser(a)}, nil
}

func (s *accountService) ChangePassword(ctx context.Context, req *fuyanv1.ChangePasswordRequest) (*fuyanv1.ChangePasswordResponse, error) {
	if err := s.db.ChangePassword(ctx, callOf(ctx, req, tokenFrom(ctx), 0), req.OldPassword, req.NewPassword); err != nil {
		return nil, err
	}
	return &fuyanv1.ChangePasswordResponse{}, nil
}

func (s *accountService) CreateToken(ctx context.Context, req *fuyanv1.CreateTokenRequest) (*fuyanv1.CreateTokenResponse, error) {
	t, secret, err := s.db.CreateToken(ctx, callOf(ctx, req, 0, 0), req.Name, cmp.Or(int(req.Days), defaultTokenDays))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.CreateTokenResponse{Token: toToken(t.ID, t.Name, t.ExpiresAt, t.RevokedAt), Secret: secret}, nil
}

func (s *accountService) RevokeToken(ctx context.Context, req *fuyanv1.RevokeTokenRequest) (*fuyanv1.RevokeTokenResponse, error) {
	t, err := s.db.RevokeToken(ctx, callOf(ctx, req, req.TokenId, 0))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.RevokeTokenResponse{Token: toToken(t.ID, t.Name, t.ExpiresAt, t.RevokedAt)}, nil
}

func (s *accountService) ListOrgans(ctx context.Context, req *fuyanv1.ListOrgansRequest) (*fuyanv1.ListOrgansResponse, error) {
	rows, more, err := s.organs(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &fuyanv1.ListOrgansResponse{MoreOrgans: more}
	for _, o := range rows {
		out.Organs = append(out.Organs, toOrgan(o))
	}
	return out, nil
}

func (s *accountService) organs(ctx context.Context, req *fuyanv1.ListOrgansRequest) (rows []postgres.Organ, more bool, err error) {
	switch {
	case req.OrganId != 0:
		rows, err = s.db.ListOrgan(ctx, req.OrganId)
	case req.Answering:
		return s.db.ListOrgansAnswering(ctx)
	default:
		rows, err = s.db.ListOrgans(ctx)
	}
	return rows, false, err
}

func (s *accountService) SaveOrgan(ctx context.Context, req *fuyanv1.SaveOrganRequest) (*fuyanv1.SaveOrganResponse, error) {
	o, err := s.db.SaveOrgan(ctx, callOf(ctx, req, req.Organ.Id, 0), fromOrgan(req.Organ))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SaveOrganResponse{Organ: toOrgan(o)}, nil
}

func (s *accountService) MergeDivision(ctx context.Context, req *fuyanv1.MergeDivisionRequest) (*fuyanv1.MergeDivisionResponse, error) {
	o, err := s.db.MergeDivision(ctx, callOf(ctx, req, req.DivisionId, 0), req.IntoId)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.MergeDivisionResponse{Organ: toOrgan(o)}, nil
}
