package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
)

// calls returns what makes a request of a form and sends it.
func calls[Req, Resp any](rpc func(context.Context, *Req) (*Resp, error), build func(input) *Req) func(context.Context, input) error {
	return func(ctx context.Context, in input) error {
		_, err := rpc(ctx, build(in))
		return err
	}
}

var errUnsure = errors.New("not confirmed")

// act returns what makes the move that the address names, if pages of this sort
// have it, and goes back to the page.
func (p *pages) act(on string) func(*request) (string, error) {
	return func(r *request) (string, error) {
		f, ok := p.forms[r.PathValue("rpc")]
		if !ok || f.on != on || f.call == nil {
			return "", errNoPage
		}
		if r.PathValue("id") != "" {
			if _, err := r.id(); err != nil {
				return "", err
			}
		}
		if err := p.uploadFiles(r, f); err != nil {
			return "", err
		}
		if f.unsure(r.PostForm) {
			return "", &refusal{
				Form: r.formKey(f.rpc), Status: http.StatusBadRequest, Heading: "请先确认", Field: "sure",
				Message: "这一步办了不能撤销，请核对后勾选确认。", cause: errUnsure,
			}
		}
		if err := f.call(r.Context(), r.input()); err != nil {
			return "", refuse(r.formKey(f.rpc), err)
		}
		return path.Dir(r.URL.Path) + "?done=" + f.rpc, nil
	}
}

// An offer is a move that the caller may make now, with what its button says.
type offer struct{ rpc, label string }

// moves are the forms of what is offered, the first one open, or the one that the
// address names. A form that was
// just refused stays, even where the move is offered no more, so that what was
// typed is not lost.
func (p *pages) moves(r *request, on string, version int64, offered []offer, s subject) []formView {
	if r.failed != nil && !slices.ContainsFunc(offered, func(o offer) bool { return o.rpc == r.failed.Form }) {
		offered = append([]offer{{r.failed.Form, p.forms[r.failed.Form].label}}, offered...)
	}
	var out []formView
	for _, o := range offered {
		f := p.forms[o.rpc]
		if f.on != on {
			continue
		}
		f.label = o.label
		out = append(out, f.view(r, place{o.rpc, fmt.Sprintf("/%s/%s/%s", on, r.PathValue("id"), o.rpc), version}, s))
	}
	if len(out) > 0 && r.failed == nil {
		wanted := slices.IndexFunc(out, func(v formView) bool { return v.Key == r.URL.Query().Get("move") })
		out[max(wanted, 0)].Open = true
	}
	return out
}

// formKey tells which form of its page was sent: pages with the same form more
// than once name the one.
func (r *request) formKey(rpc string) string {
	if key := r.PostForm.Get("form"); key != "" {
		return key
	}
	return rpc
}
