package web

import (
	"fmt"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type userList struct {
	Rows        []userRow
	First, Next string
	Create      formView
}

type userRow struct {
	*fuyanv1.User
	Form formView
}

func (p *pages) listUsers(r *request) (userList, error) {
	users, next, err := p.usersPage(r)
	if err != nil {
		return userList{}, err
	}
	all, err := p.organsOf(r.Context())
	if err != nil {
		return userList{}, err
	}
	list := userList{Create: p.forms["CreateUser"].view(r, place{"CreateUser", "/users/CreateUser", 0}, subject{organs: all})}
	list.First, list.Next = paging("/users", r, next)
	for _, u := range users {
		at := place{fmt.Sprintf("SetRoles-%d", u.Id), "/users/SetRoles", u.Version}
		list.Rows = append(list.Rows, userRow{u, p.forms["SetRoles"].view(r, at, subject{user: u})})
	}
	return list, nil
}

// usersPage is the page of accounts that the address asks for. When a form was
// refused it is all of them, so that the form is there wherever it stood.
func (p *pages) usersPage(r *request) ([]*fuyanv1.User, string, error) {
	if r.failed != nil {
		all, err := p.allUsers(r.Context())
		return all, "", err
	}
	answer, err := p.accounts.ListUsers(r.Context(), &fuyanv1.ListUsersRequest{PageToken: r.URL.Query().Get("page")})
	return answer.GetUsers(), answer.GetNextPageToken(), err
}
