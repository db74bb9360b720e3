package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// organRows is how many organs one page of their list shows.
const organRows = 50

type organList struct {
	Contains        string // of the names that are listed
	Rows            []*fuyanv1.Organ
	Previous, Later string
	Changing        bool // whether the form is about one of them
	MaySave         bool
	MayVoid         bool
	MayOversee      bool
	Save, Void      formView
	Merge           formView // of divisions
}

// listOrgans shows the organs and the form of a new one, or of the one that the
// address asks to change. The other forms are about those that are shown and the
// reader's own.
func (p *pages) listOrgans(r *request) (organList, error) {
	all, err := p.organsOf(r.Context())
	if err != nil {
		return organList{}, err
	}
	list := organList{
		Contains: r.URL.Query().Get("contains"), MaySave: r.is(fuyanv1.Role_ROLE_ADMIN), MayVoid: r.is(fuyanv1.Role_ROLE_OFFICE),
		MayOversee: r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR),
	}
	list.addRows(r, all)
	s := subject{organ: &fuyanv1.Organ{}, organs: slices.DeleteFunc(slices.Clone(all), func(o *fuyanv1.Organ) bool {
		return o.Id != r.me.GetOrganId() && !slices.Contains(list.Rows, o)
	})}
	for _, o := range all {
		if strconv.FormatInt(o.Id, 10) == r.URL.Query().Get("change") {
			s.organ, list.Changing = o, true
		}
	}
	if r.failed != nil {
		list.Changing = r.input().number64("organ.id") > 0
	}
	list.Save = p.forms["SaveOrgan"].view(r, place{"SaveOrgan", "/organs/SaveOrgan", 0}, s)
	list.Merge = p.forms["MergeDivision"].view(r, place{"MergeDivision", "/organs/MergeDivision", 0}, s)
	list.Void = p.forms["VoidNumber"].view(r, place{"VoidNumber", "/organs/VoidNumber", 0}, s)
	return list, nil
}

// addRows adds those of the page that the address asks for.
func (list *organList) addRows(r *request, all []*fuyanv1.Organ) {
	var named []*fuyanv1.Organ
	for _, o := range all {
		if strings.Contains(o.Name+" "+o.ShortName, list.Contains) {
			named = append(named, o)
		}
	}
	from := max(min(int(input{values: r.URL.Query()}.number64("from")), len(named)), 0)
	to := min(from+organRows, len(named))
	if list.Rows = named[from:to]; from > 0 {
		list.Previous = with(r, "/organs", "from", idText(int64(max(from-organRows, 0))))
	}
	if to < len(named) {
		list.Later = with(r, "/organs", "from", strconv.Itoa(to))
	}
}

func organFields() []field {
	return []field{
		hidden("organ.id", func(s subject) string { return strconv.FormatInt(s.organ.GetId(), 10) }),
		line("organ.name", "全称").must().hint("上海市科学技术委员会").from(func(s subject) string { return s.organ.GetName() }),
		line("organ.short_name", "简称").must().hint("市科委").from(func(s subject) string { return s.organ.GetShortName() }),
		line("organ.office_name", "印发机关").hint("上海市科委办公室").from(func(s subject) string { return s.organ.GetOfficeName() }),
		pick("organ.oversight", "督办", fixed(oversights)).must().from(func(s subject) string { return s.organ.GetOversight().String() }),
		line("organ.cppcc_prefix", "提案复文字号").hint("沪科提复；不答复的留空").from(func(s subject) string { return s.organ.GetCppccPrefix() }),
		line("organ.npc_prefix", "建议复文字号").hint("沪科建复；不答复的留空").from(func(s subject) string { return s.organ.GetNpcPrefix() }),
		area("organ.divisions", "处室").hint("每行一个；已有的处室保留 # 后的编号，可改名").from(divisionLines),
	}
}

// divisionLines writes divisions as saveOrgan reads them.
func divisionLines(s subject) string {
	var lines []string
	for _, d := range standing(s.organ) {
		lines = append(lines, fmt.Sprintf("%s #%d", d.Name, d.Id))
	}
	return strings.Join(lines, "\n")
}

// standing are the divisions of an organ that were not merged into others.
func standing(o *fuyanv1.Organ) []*fuyanv1.Division {
	return slices.DeleteFunc(slices.Clone(o.GetDivisions()), func(d *fuyanv1.Division) bool { return d.MergedIntoId != 0 })
}
