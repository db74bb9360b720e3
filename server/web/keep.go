package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"connectrpc.com/connect/v2"
)

// A kept working copy, as the script of the editor hears of it.
type keptCopy struct {
	Version int64  `json:"version"`
	Time    string `json:"time"`
	Latest  int32  `json:"latest"` // the latest draft
}

// keep keeps what is in the editor, for its script.
func (p *pages) keep(w http.ResponseWriter, r *request) error {
	if _, err := r.id(); err != nil {
		return err
	}
	answer, err := p.replies.KeepWorkingCopy(r.Context(), keepWorkingCopy(r.input()))
	if err != nil {
		return err
	}
	kept := answer.GetWorkingCopy()
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(keptCopy{kept.GetVersion(), kept.GetKeepTime().AsTime().In(zone).Format("15:04"), answer.GetLatestDraft()})
}

// checked answers with what is found in the text of the editor, as its page shows
// it beside the text, for the script.
func (p *pages) checked() handler {
	t := templateOf("draft.html")
	return func(w http.ResponseWriter, r *request) error {
		r.typed = r.PostForm
		page, err := p.draftPage(r, true)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := t.ExecuteTemplate(&out, "findings", page.findings); err != nil {
			return err
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err = out.WriteTo(w)
		return err
	}
}

// statusRenew is the status of what came with the token of another session: its
// script may take the present one. HTTP has no status of its own for that.
const statusRenew = 419

// Statuses by which a script tells what it can do about an error.
var backgroundStatus = map[connect.Code]int{
	connect.CodeUnauthenticated:    http.StatusUnauthorized,       // sign in, in another window
	connect.CodeAborted:            http.StatusPreconditionFailed, // look at what the other one wrote
	connect.CodeFailedPrecondition: http.StatusConflict,
	connect.CodeInvalidArgument:    http.StatusBadRequest,
	connect.CodePermissionDenied:   http.StatusForbidden,
	connect.CodeNotFound:           http.StatusNotFound,
	connect.CodeOutOfRange:         http.StatusRequestEntityTooLarge,
}

// background serves the script of a page: what goes wrong is a status and a
// sentence, never another page.
func (p *pages) background(h handler) http.Handler {
	h = parsed(h)
	return p.identified(func(w http.ResponseWriter, r *request, err error) error {
		if err == nil {
			err = h(w, r)
		}
		if err == nil {
			return nil
		}
		status, known := backgroundStatus[connect.CodeOf(err)]
		switch {
		case errors.Is(err, errMisdirected):
			status = statusRenew
		case !known:
			status = http.StatusInternalServerError
			p.logFailure(w, r, err)
		}
		http.Error(w, sentence(err), status)
		return nil
	})
}

// sentence is what people are told of an error that is not a page. Who may not
// write any more has the text on the page alone.
func sentence(err error) string {
	said := reason(err)
	if slices.Contains([]connect.Code{connect.CodePermissionDenied, connect.CodeNotFound, connect.CodeFailedPrecondition}, connect.CodeOf(err)) {
		return strings.TrimSuffix(said, "。") + "。文字请另存。"
	}
	return said
}

func reason(err error) string {
	if errors.Is(err, errMisdirected) {
		return "登录已经更换。"
	}
	if refused, ok := errors.AsType[*refusal](refuse("", err)); ok && refused.Message != "" {
		return refused.plain()
	}
	if page, ok := errorPages[connect.CodeOf(err)]; ok {
		return page.Text
	}
	return brokenPage.Text
}
