package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// An Account is a user with the names of organ and division.
type Account = db.UserByIDRow

// A Session is what a person has who signed in.
type Session struct {
	Token     string
	ExpiresAt time.Time
	Account   Account
}

// An Identity is who makes a call, and with which token.
type Identity struct {
	User    casework.User
	TokenID int64
}

const (
	sessionLife = 12 * time.Hour
	// After so many wrong passwords in a row the account rests for a while.
	mostFailures = 8
	restTime     = 10 * time.Minute
)

// SignIn opens a session. A wrong name and a wrong password are told from each
// other neither by the error nor by the time it takes.
func (d *DB) SignIn(ctx context.Context, name, password string) (Session, error) {
	refused := fmt.Errorf("name or password is wrong, or the account rests after too many tries: %w", casework.ErrUnauthenticated)
	u, err := q.UserByName(ctx, d.conn, name)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Session{}, err
	}
	// Outside a transaction: hashing takes long, and connections are few.
	right := passwordMatches(u.PasswordHash, password)
	if u.ID == 0 {
		return Session{}, refused
	}
	s, err := inTx(ctx, d, func(tx pgx.Tx) (Session, error) {
		hash := u.PasswordHash
		u, err := q.LockUser(ctx, tx, u.ID)
		if err != nil {
			return Session{}, err
		}
		resting := u.LockedUntil != nil && d.now().Before(*u.LockedUntil)
		if resting || !right || u.Disabled || u.PasswordHash != hash {
			return Session{}, d.countFailure(ctx, tx, u, resting)
		}
		if err := q.SetFailures(ctx, tx, 0, nil, u.ID); err != nil {
			return Session{}, err
		}
		return d.openSession(ctx, tx, u.ID)
	})
	if err == nil && s.Token == "" {
		err = refused
	}
	return s, err
}

func (d *DB) countFailure(ctx context.Context, tx pgx.Tx, u db.User, resting bool) error {
	if resting {
		return nil
	}
	if u.FailedCount+1 < mostFailures {
		return q.SetFailures(ctx, tx, u.FailedCount+1, nil, u.ID)
	}
	return q.SetFailures(ctx, tx, 0, new(d.now().Add(restTime)), u.ID)
}

func (d *DB) openSession(ctx context.Context, tx pgx.Tx, userID int64) (Session, error) {
	secret, hash := newSecret()
	now := d.now()
	t, err := q.CreateToken(ctx, tx, db.CreateTokenParams{
		UserID: userID, Kind: "session", Name: "session", Hash: hash, CreatedAt: now, ExpiresAt: now.Add(sessionLife),
	})
	if err != nil {
		return Session{}, err
	}
	a, err := q.UserByID(ctx, tx, userID)
	return Session{secret, t.ExpiresAt, a}, err
}

// SignOut ends a session or token of the user.
func (d *DB) SignOut(ctx context.Context, tokenID, userID int64) error {
	_, err := q.RevokeToken(ctx, d.conn, d.now(), tokenID, userID)
	return err
}

// Identify returns who a secret stands for, or [casework.ErrUnauthenticated].
func (d *DB) Identify(ctx context.Context, secret string) (Identity, error) {
	r, err := q.UserByToken(ctx, d.conn, secretHash(secret), d.now())
	if errors.Is(err, pgx.ErrNoRows) {
		return Identity{}, fmt.Errorf("the token is unknown or has ended: %w", casework.ErrUnauthenticated)
	}
	return Identity{casework.User{
		ID: r.ID, Name: r.DisplayName, Roles: r.Roles, OrganID: orZero(r.OrganID), DivisionID: orZero(r.DivisionID),
		Oversight: casework.Oversight(r.Oversight),
	}, r.TokenID}, err
}

// UserOf returns the acting user of an account.
func UserOf(a Account) casework.User {
	return casework.User{
		ID: a.User.ID, Name: a.User.DisplayName, Roles: a.User.Roles, OrganID: orZero(a.User.OrganID),
		DivisionID: orZero(a.User.DivisionID), Oversight: casework.Oversight(a.Oversight),
	}
}

// Me returns the account of a user.
func (d *DB) Me(ctx context.Context, userID int64) (Account, error) {
	a, err := q.UserByID(ctx, d.conn, userID)
	return a, found(err, "account", userID)
}

// Empty reports whether there is no account yet.
func (d *DB) Empty(ctx context.Context) (bool, error) {
	list, err := q.Users(ctx, d.conn, db.UsersParams{Everyone: true, MaxRows: 1})
	return len(list) == 0, err
}

// A NewUser is an account to make.
type NewUser struct {
	Name, DisplayName, Password string
	Roles                       []casework.Role
	OrganID, DivisionID         int64
}

// check says what is wrong with a new account beyond its shape.
func (n NewUser) check() error {
	outside := !slices.ContainsFunc(n.Roles, func(r casework.Role) bool { return r != casework.Delegate && r != casework.Admin })
	switch {
	case len([]rune(n.Password)) < 10:
		return casework.Invalid("password", "至少10个字符")
	case len(n.Roles) == 0:
		return casework.Invalid("roles", "至少一项")
	case n.OrganID == 0 && !outside:
		return casework.Invalid("organ_id", "应填所属单位，只有提出人和管理员可以不填")
	}
	return nil
}

// CreateUser makes an account.
func (d *DB) CreateUser(ctx context.Context, c Call, n NewUser) (Account, error) {
	if err := n.check(); err != nil {
		return Account{}, err
	}
	hash := hashPassword(n.Password)
	return inTx(ctx, d, func(tx pgx.Tx) (Account, error) {
		id, _, err := d.once(ctx, tx, c, func() (int64, error) {
			return q.CreateUser(ctx, tx, db.CreateUserParams{
				Name: n.Name, DisplayName: n.DisplayName, PasswordHash: hash, Roles: n.Roles,
				OrganID: orNull(n.OrganID), DivisionID: orNull(n.DivisionID),
			})
		})
		if err != nil {
			return Account{}, err
		}
		return q.UserByID(ctx, tx, id)
	})
}

// ListUsers returns the accounts behind the name after, of an organ alone unless it
// is 0: all of them to an admin, to the others those of their organ, and to an office
// those without one too.
func (d *DB) ListUsers(ctx context.Context, u casework.User, organ int64, after string, limit int32) ([]Account, error) {
	rows, err := q.Users(ctx, eachPlanned{d.conn}, db.UsersParams{
		After: after, Everyone: u.Has(casework.Admin), Delegates: u.Has(casework.Office), OrganID: orNull(u.OrganID), OfOrgan: organ, MaxRows: limit,
	})
	out := make([]Account, len(rows))
	for i, r := range rows {
		out[i] = Account(r)
	}
	return out, err
}

// SetRoles says anew what a person does, and whether they may sign in.
func (d *DB) SetRoles(ctx context.Context, c Call, roles []casework.Role, disabled bool) (Account, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (Account, error) {
		_, _, err := d.once(ctx, tx, c, func() (int64, error) {
			u, err := q.LockUser(ctx, tx, c.ID)
			if err != nil {
				return 0, found(err, "account", c.ID)
			}
			if c.Version != 0 && c.Version != u.Version {
				return 0, &casework.StaleError{Present: u.Version}
			}
			if c.ID == c.User.ID && (disabled || !slices.Contains(roles, casework.Admin)) {
				return 0, fmt.Errorf("take one's own admin role: %w", casework.ErrForbidden)
			}
			if err := q.SetRoles(ctx, tx, roles, disabled, c.ID); err != nil {
				return 0, err
			}
			if disabled {
				if err := q.RevokeAll(ctx, tx, d.now(), c.ID); err != nil {
					return 0, err
				}
			}
			if works(u.Roles, u.Disabled) && !works(roles, disabled) {
				return c.ID, d.tellLeft(ctx, tx, orZero(u.OrganID), u.DisplayName+"不再承办", &c.ID, nil)
			}
			return c.ID, nil
		})
		if err != nil {
			return Account{}, err
		}
		return q.UserByID(ctx, tx, c.ID)
	})
}

// works reports whether an account is of somebody who can keep promises.
func works(roles []casework.Role, disabled bool) bool {
	return !disabled && casework.User{Roles: roles}.Has(casework.Office, casework.Reviewer, casework.Handler)
}

// ChangePassword changes the caller's password. Every session but the one whose
// token is c.ID ends.
func (d *DB) ChangePassword(ctx context.Context, c Call, old, fresh string) error {
	_, err := inTx(ctx, d, func(tx pgx.Tx) (nothing, error) {
		_, _, err := d.once(ctx, tx, c, func() (int64, error) {
			u, err := q.LockUser(ctx, tx, c.User.ID)
			if err != nil {
				return 0, found(err, "account", c.User.ID)
			}
			if !passwordMatches(u.PasswordHash, old) {
				return 0, casework.Invalid("old_password", "应为现在的密码")
			}
			if err := q.SetPassword(ctx, tx, hashPassword(fresh), u.ID); err != nil {
				return 0, err
			}
			return u.ID, q.RevokeSessions(ctx, tx, d.now(), u.ID, c.ID)
		})
		return nothing{}, err
	})
	return err
}

// CreateToken makes a bearer token. Its secret is returned only the first time.
func (d *DB) CreateToken(ctx context.Context, c Call, name string, days int) (db.Token, string, error) {
	if days == 0 {
		days = 90
	}
	secret, hash := newSecret()
	t, err := inTx(ctx, d, func(tx pgx.Tx) (db.Token, error) {
		id, fresh, err := d.once(ctx, tx, c, func() (int64, error) {
			now := d.now()
			t, err := q.CreateToken(ctx, tx, db.CreateTokenParams{
				UserID: c.User.ID, Kind: "api", Name: name, Hash: hash, CreatedAt: now, ExpiresAt: now.AddDate(0, 0, days),
			})
			return t.ID, err
		})
		if !fresh {
			secret = ""
		}
		if err != nil {
			return db.Token{}, err
		}
		return q.Token(ctx, tx, id)
	})
	return t, secret, err
}

// RevokeToken ends a token of the caller.
func (d *DB) RevokeToken(ctx context.Context, c Call) (db.Token, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (db.Token, error) {
		_, _, err := d.once(ctx, tx, c, func() (int64, error) {
			n, err := q.RevokeToken(ctx, tx, d.now(), c.ID, c.User.ID)
			if err == nil && n == 0 {
				err = found(pgx.ErrNoRows, "token", c.ID)
			}
			return c.ID, err
		})
		if err != nil {
			return db.Token{}, err
		}
		return q.Token(ctx, tx, c.ID)
	})
}
