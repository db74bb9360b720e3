package seeds

import (
	"context"
	"fmt"

	"fuyan/casework"
	"fuyan/postgres"
)

// Password is that of every demo account.
const Password = "fuyan-demo-2026"

// An Account is a demo account.
type Account struct {
	Name        string // to sign in with
	DisplayName string
	Role        casework.Role
	RoleName    string // 办公室
	Organ       string // short name
	Division    string
}

// Accounts lists every demo account.
var Accounts = []Account{
	{"admin", "系统管理员", casework.Admin, "管理员", "", ""},
	{"office", "周岚", casework.Office, "办公室", answering, ""},
	{"handler", "许亦舟", casework.Handler, "经办人", answering, "成果转化处"},
	{"handler2", "孟清和", casework.Handler, "经办人", answering, "高新技术处"},
	{"head", "程砚", casework.Reviewer, "处长", answering, "成果转化处"},
	{"leader", "梁卓", casework.Reviewer, "分管领导", answering, ""},
	{"government", "韩松", casework.Supervisor, "督办", "市政府办公厅建议提案处", ""},
	{"cppcc", "顾一凡", casework.Supervisor, "督办", "市政协提案办", ""},
	{"npc", "方静", casework.Supervisor, "督办", "市人大代表工作处", ""},
	{"finance", "何立", casework.Office, "会办单位", "市财政局", ""},
	{"economy", "唐予安", casework.Office, "会办单位", "市经济信息化委", ""},
	{"planning", "白舒", casework.Office, "会办单位", "市规划资源局", ""},
	{"banking", "秦朗", casework.Office, "会办单位", "市委金融办", ""},
	{"patents", "宋知微", casework.Office, "会办单位", "市知识产权局", ""},
	{"member", "陆怀瑾", casework.Delegate, "委员", "", ""},
	{"deputy", "褚明笃", casework.Delegate, "代表", "", ""},
}

// answering is the organ that answers every proposal of the demo data.
const answering = "市科委"

var organs = []postgres.Organ{
	withSeries(organ("上海市科学技术委员会", answering), "上海市科委办公室", "沪科提复", "沪科建复",
		"成果转化处", "高新技术处", "科技金融处", "社会发展处"),
	organ("上海市知识产权局", "市知识产权局"),
	organ("上海市经济和信息化委员会", "市经济信息化委"),
	organ("上海市财政局", "市财政局"),
	organ("上海市规划和自然资源局", "市规划资源局"),
	organ("中共上海市委金融委员会办公室", "市委金融办"),
}

func organ(name, short string) (o postgres.Organ) {
	o.Name, o.ShortName = name, short
	return o
}

// withSeries makes o an organ that answers: it has an office, number series and
// divisions.
func withSeries(o postgres.Organ, office, cppcc, npc string, divisions ...string) postgres.Organ {
	o.OfficeName, o.CppccPrefix, o.NpcPrefix = office, cppcc, npc
	for _, name := range divisions {
		o.Divisions = append(o.Divisions, postgres.Division{Name: name})
	}
	return o
}

// founder is who makes the first organs and accounts.
var founder = casework.User{Name: "演示数据", Roles: []casework.Role{casework.Admin}}

func (l *loader) loadOrgans(ctx context.Context) error {
	for _, o := range organs {
		if _, err := l.d.SaveOrgan(ctx, call(founder, 0), o); err != nil {
			return fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	list, err := l.d.ListOrgans(ctx)
	l.organs = map[string]postgres.Organ{}
	for _, o := range list {
		l.organs[o.ShortName] = o
	}
	return err
}

func (l *loader) loadAccounts(ctx context.Context) error {
	l.users = map[string]casework.User{}
	for _, a := range Accounts {
		organ := l.organs[a.Organ]
		made, err := l.d.CreateUser(ctx, call(founder, 0), postgres.NewUser{
			Name: a.Name, DisplayName: a.DisplayName, Password: Password, Roles: []casework.Role{a.Role},
			OrganID: organ.ID, DivisionID: divisionOf(organ, a.Division),
		})
		if err != nil {
			return fmt.Errorf("%s: %w", a.Name, err)
		}
		l.users[a.Name] = postgres.UserOf(made)
	}
	return nil
}

// loadSettings has some people read mails too, now that the past is told: those
// of the handlers come at once, those of the office each morning.
func (l *loader) loadSettings(ctx context.Context) error {
	for name, mode := range map[string]string{"handler": "at_once", "handler2": "at_once", "office": "digest"} {
		n := postgres.NoticeSettings{Mail: name + "@fuyan.example", MailMode: mode}
		if _, _, err := l.d.SaveNoticeSettings(ctx, call(l.users[name], 0), n, ""); err != nil {
			return fmt.Errorf("settings of %s: %w", name, err)
		}
	}
	return nil
}

func divisionOf(o postgres.Organ, name string) int64 {
	for _, d := range o.Divisions {
		if d.Name == name {
			return d.ID
		}
	}
	return 0
}

// officeOf is the person who works in an organ's office.
func (l *loader) officeOf(organ string) casework.User {
	for _, a := range Accounts {
		if a.Organ == organ && a.Role == casework.Office {
			return l.users[a.Name]
		}
	}
	return casework.User{}
}

// supervisorOf is the person of the body that hands over proposals of kind k.
func (l *loader) supervisorOf(k casework.Kind) casework.User {
	if k == casework.NPCSuggestion {
		return l.users["npc"]
	}
	return l.users["cppcc"]
}

// accountNamed is the id of the account of a proposer, 0 for none.
func (l *loader) accountNamed(displayName string) int64 {
	for _, a := range Accounts {
		if a.DisplayName == displayName {
			return l.users[a.Name].ID
		}
	}
	return 0
}

// Present reports whether the accounts of the demo data are all there.
func Present(ctx context.Context, d *postgres.DB) (bool, error) {
	list, err := d.ListUsers(ctx, founder, 0, "", 1000)
	names := map[string]string{}
	for _, a := range list {
		names[a.User.Name] = a.User.DisplayName
	}
	for _, a := range Accounts {
		if names[a.Name] != a.DisplayName {
			return false, err
		}
	}
	return true, err
}
