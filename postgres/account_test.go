package postgres_test

import (
	"errors"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

const password = "correct horse battery"

// ada makes an account that can sign in.
func (b *bundle) ada(t testing.TB) postgres.Account {
	t.Helper()
	a, err := b.CreateUser(t.Context(), by(b.Admin, 0), postgres.NewUser{
		Name: "ada", DisplayName: "某人", Password: password, Roles: []casework.Role{casework.Office}, OrganID: b.Organ,
	})
	must(t, err)
	return a
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	a := b.ada(t)

	s, err := b.SignIn(ctx, "ada", password)
	must(t, err)
	who, err := b.Identify(ctx, s.Token)
	if err != nil || who.User.ID != a.User.ID || who.User.OrganID != b.Organ || !who.User.Has(casework.Office) {
		t.Errorf("Identify = %+v, %v; want %d", who, err, a.User.ID)
	}
	refused := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, casework.ErrUnauthenticated) {
			t.Errorf("%s: %v, want %v", what, err, casework.ErrUnauthenticated)
		}
	}
	_, err = b.SignIn(ctx, "ada", "wrong")
	refused("a wrong password", err)
	_, err = b.SignIn(ctx, "nobody", password)
	refused("a wrong name", err)
	_, err = b.Identify(ctx, s.Token+"x")
	refused("an unknown token", err)

	b.now = s.ExpiresAt
	_, err = b.Identify(ctx, s.Token)
	refused("a session at its end", err)
	b.now = postgrestest.Now()
	must(t, b.SignOut(ctx, who.TokenID, who.User.ID))
	_, err = b.Identify(ctx, s.Token)
	refused("a session that was closed", err)
}

// TestAccountRests shows that guessing stops, also with the right password, and
// that the account is open again after a while.
func TestAccountRests(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.ada(t)
	for range 8 {
		if _, err := b.SignIn(t.Context(), "ada", "a guess"); !errors.Is(err, casework.ErrUnauthenticated) {
			t.Fatal(err)
		}
	}
	if _, err := b.SignIn(t.Context(), "ada", password); !errors.Is(err, casework.ErrUnauthenticated) {
		t.Errorf("the right password after eight guesses = %v, want %v", err, casework.ErrUnauthenticated)
	}
	b.now = b.now.Add(11 * time.Minute)
	if _, err := b.SignIn(t.Context(), "ada", password); err != nil {
		t.Errorf("the right password after the rest: %v", err)
	}
}

func TestChangePasswordEndsOtherSessions(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	a := b.ada(t)
	mine, err := b.SignIn(ctx, "ada", password)
	must(t, err)
	other, err := b.SignIn(ctx, "ada", password)
	must(t, err)
	me, err := b.Identify(ctx, mine.Token)
	must(t, err)

	call := by(postgres.UserOf(a), me.TokenID)
	if err := b.ChangePassword(ctx, call, "wrong", "another long one"); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("ChangePassword with a wrong old one = %v, want %v", err, casework.ErrInvalid)
	}
	must(t, b.ChangePassword(ctx, by(postgres.UserOf(a), me.TokenID), password, "another long one"))
	if _, err := b.Identify(ctx, other.Token); !errors.Is(err, casework.ErrUnauthenticated) {
		t.Errorf("the other session = %v, want it ended", err)
	}
	if _, err := b.Identify(ctx, mine.Token); err != nil {
		t.Errorf("the session that changed it: %v", err)
	}
	if _, err := b.SignIn(ctx, "ada", "another long one"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestDisabledAccountIsOut(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	a := b.ada(t)
	s, err := b.SignIn(ctx, "ada", password)
	must(t, err)
	_, err = b.SetRoles(ctx, by(b.Admin, a.User.ID), []casework.Role{casework.Office}, true)
	must(t, err)
	if _, err := b.Identify(ctx, s.Token); !errors.Is(err, casework.ErrUnauthenticated) {
		t.Errorf("a session of a disabled account = %v", err)
	}
	if _, err := b.SignIn(ctx, "ada", password); !errors.Is(err, casework.ErrUnauthenticated) {
		t.Errorf("sign in to a disabled account = %v", err)
	}
	if _, err := b.SetRoles(ctx, by(b.Admin, b.Admin.ID), nil, false); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("an admin who takes their own role = %v, want %v", err, casework.ErrForbidden)
	}
}

func TestTokenShowsItsSecretOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	call := by(b.Handler, 0)
	token, secret, err := b.CreateToken(ctx, call, "导出", 30)
	must(t, err)
	if who, err := b.Identify(ctx, secret); err != nil || who.User.ID != b.Handler.ID {
		t.Errorf("Identify = %+v, %v", who, err)
	}
	again, none, err := b.CreateToken(ctx, call, "导出", 30)
	if err != nil || again.ID != token.ID || none != "" {
		t.Errorf("the same request again = token %d, secret %q, %v", again.ID, none, err)
	}
	if _, err := b.RevokeToken(ctx, by(b.Office, token.ID)); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("somebody else's token = %v, want %v", err, casework.ErrNotFound)
	}
	_, err = b.RevokeToken(ctx, by(b.Handler, token.ID))
	must(t, err)
	if _, err := b.Identify(ctx, secret); !errors.Is(err, casework.ErrUnauthenticated) {
		t.Errorf("a revoked token = %v", err)
	}
}
