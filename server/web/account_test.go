package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func TestSecretIsShownOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.post("/account/CreateToken", url.Values{"request_id": {requestID}, "name": {"报表"}, "days": {"30"}})
	wantStatus(t, "POST /account/CreateToken", w, http.StatusOK)
	wantIn(t, "POST /account/CreateToken", w, "<code>fy_secret</code>", "令牌 5（报表）")
	want := &fuyanv1.CreateTokenRequest{RequestId: requestID, Name: "报表", Days: 30}
	if diff := cmp.Diff(want, sent[*fuyanv1.CreateTokenRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("POST /account/CreateToken sent (-want +got):\n%s", diff)
	}
	if strings.Contains(s.get("/account").Body.String(), "fy_secret") {
		t.Error("GET /account shows a secret")
	}

	s.fail["CreateToken"] = refused(connect.CodeInvalidArgument, "最多 366 天。", &fuyanv1.Refusal{Field: "days"})
	w = s.post("/account/CreateToken", url.Values{"name": {"报表"}, "days": {"9999"}})
	wantStatus(t, "a token refused", w, http.StatusBadRequest)
	wantIn(t, "a token refused", w, "最多 366 天。", `value="9999"`)
}

func TestRefusedPasswordsAreNotShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["ChangePassword"] = refused(connect.CodeInvalidArgument, "密码不对。", &fuyanv1.Refusal{Field: "old_password"})
	w := s.post("/account/ChangePassword", url.Values{"old_password": {"hush-hush-1"}, "new_password": {"hush-hush-2"}})
	wantStatus(t, "a password refused", w, http.StatusBadRequest)
	wantIn(t, "a password refused", w, "密码不对。")
	if strings.Contains(w.Body.String(), "hush-hush") {
		t.Error("the page of a refused password shows it")
	}
}

// TestRefusedRolesOpenTheirRow shows the refusal in the form of the account that
// it is about, and in no other.
func TestRefusedRolesOpenTheirRow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["SetRoles"] = refused(connect.CodeAborted, "现在是第 9 版。", &fuyanv1.Refusal{})
	w := s.post("/users/SetRoles", url.Values{"form": {"SetRoles-4"}, "user_id": {"4"}, "roles": {"ROLE_ADMIN"}})
	wantStatus(t, "roles refused", w, http.StatusConflict)
	if n := strings.Count(w.Body.String(), `role="alert"`); n != 1 {
		t.Errorf("%d forms show the refusal; want 1", n)
	}
	_, form, _ := strings.Cut(w.Body.String(), "现在是第 9 版。")
	form, _, _ = strings.Cut(form, "</form>")
	for _, want := range []string{`name="user_id" value="4"`, `name="expected_version" value="3"`, `value="ROLE_ADMIN" checked`} {
		if !strings.Contains(form, want) {
			t.Errorf("the refused form lacks %s:\n%s", want, form)
		}
	}
	if strings.Contains(form, `value="ROLE_HANDLER" checked`) {
		t.Error("the refused form shows the roles on record and not those typed")
	}
}

func TestUsersShowWhatTheyAre(t *testing.T) {
	t.Parallel()
	w := newSite(t).get("/users")
	wantIn(t, "the users", w, "办公室、管理员", "已停用", `value="ROLE_HANDLER" checked`, `name="disabled" value="yes" checked`, "市科委 · 科技服务处")
}

func TestOrganToChange(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "the organs", s.get("/organs"), "新增单位", `name="organ.id" value="0"`)
	wantIn(t, "the organ to change", s.get("/organs?change=1"), "更改单位", `name="organ.id" value="1"`, "科技服务处 #3\n科技金融处 #4</textarea>", `value="上海市科委办公室"`)
	s.fail["SaveOrgan"] = refused(connect.CodeInvalidArgument, "字号应为汉字。", &fuyanv1.Refusal{Field: "organ.npc_prefix"})
	w := s.post("/organs/SaveOrgan", url.Values{"organ.id": {"1"}, "organ.npc_prefix": {"abc"}})
	wantStatus(t, "an organ refused", w, http.StatusBadRequest)
	wantIn(t, "an organ refused", w, "更改单位", `<strong class="error">字号应为汉字。</strong>`, `value="abc"`)
}

// TestManyOrgans shows fifty at a time, or those with a name, and its forms are about
// them and the reader's own.
func TestManyOrgans(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for id := range int64(120) {
		s.otherOrgans = append(s.otherOrgans, &fuyanv1.Organ{
			Id: 100 + id, Name: fmt.Sprintf("第%d试点单位", id), ShortName: fmt.Sprintf("试点%d", id),
			Divisions: []*fuyanv1.Division{{Id: 1000 + id, Name: "综合处"}},
		})
	}
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_OFFICE}
	second := s.get("/organs?from=50")
	wantIn(t, "the second page", second, `href="/organs" rel="prev"`, `href="/organs?from=100" rel="next"`,
		`<a href="/board?organ=146">督办</a> <a href="/proposals?organ=146">提案建议</a>`, `<option value="1046">试点46 · 综合处</option>`,
		`<option value="1">上海市科学技术委员会</option>`, `<option value="3">市科委 · 科技服务处</option>`)
	for _, other := range []string{"第45试点单位", "第96试点单位", "上海市知识产权局", "/board?organ=1\""} {
		if strings.Contains(second.Body.String(), other) {
			t.Errorf("the second page has %s", other)
		}
	}
	wantIn(t, "an organ of another page to change", s.get("/organs?change=105&from=50"), "更改单位", `name="organ.id" value="105"`)
	if last := s.get("/organs?from=100").Body.String(); strings.Contains(last, `rel="next"`) {
		t.Error("the last page has a next one")
	}
	found := s.get("/organs?contains=" + url.QueryEscape("点119"))
	wantIn(t, "those found", found, "第119试点单位", `value="点119"`, `<a href="/organs">清除</a>`)
	if n := strings.Count(found.Body.String(), `<a href="/board?organ=`); n != 1 {
		t.Errorf("of one name it shows %d", n)
	}
	wantIn(t, "none found", s.get("/organs?contains="+url.QueryEscape("<b>")), "没有名称含“&lt;b&gt;”的单位。")
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_HANDLER}
	if body := s.get("/organs").Body.String(); strings.Contains(body, "/board?organ=") {
		t.Error("a handler is led to the board of another organ")
	}
}

func TestOrgansOfferWhatTheRoleMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for role, want := range map[fuyanv1.Role][2]bool{
		fuyanv1.Role_ROLE_ADMIN:   {true, false},
		fuyanv1.Role_ROLE_OFFICE:  {false, true},
		fuyanv1.Role_ROLE_HANDLER: {false, false},
	} {
		s.me.Roles = []fuyanv1.Role{role}
		body := s.get("/organs").Body.String()
		if got := [2]bool{strings.Contains(body, "/organs/SaveOrgan"), strings.Contains(body, "/organs/VoidNumber")}; got != want {
			t.Errorf("%v is offered saving and voiding: %v; want %v", role, got, want)
		}
	}
}
