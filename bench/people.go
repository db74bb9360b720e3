package bench

import (
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
)

// People are one person of each sort, all staff of one organ, who can call RPCs, see
// [Token].
type People struct {
	Admin, Office, Handler, Head, Leader casework.User
	Government, CPPCC, NPC               casework.User // who oversee
	Delegate                             casework.User
}

// Token is the secret with which a user of [People] calls RPCs.
func Token(u casework.User) string { return "bench secret of " + strconv.FormatInt(u.ID, 10) }

// A person is one who acts.
type person struct {
	id   int64
	name string
}

// An organ answers proposals.
type organ struct {
	id             int64
	name, short    string
	office, leader person
	divisions      []division
	prefixes       [2]string // of its letters, by kind
	pace           day       // how much later than the fastest it answers
}

type division struct {
	id       int64
	name     string
	head     person
	handlers []person
}

// A city is everybody there is.
type city struct {
	organs    []organ
	overseers [2][2]organ  // by kind: the government's office and the body's own
	receivers [2][2]person // the people of those who sign for copies
	delegates []person
	People    People
}

const (
	surnames = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹苏潘葛范彭鲁韦马方袁柳史唐薛雷贺汤罗郝毕安常于傅康伍余顾孟黄穆萧尹姚邵汪毛狄米戴宋庞熊纪舒屈项祝董梁"
	givens   = "明华文英建国晓春志远思源子涵雨桐嘉怡振宇立新海燕秋月永康乐天一凡书仪若兰景行亦舟清和怀瑾知微予安望舒南星北辰云帆长风承泽修远静姝"
	fields   = "教育科技经信商务公安民政司法财政人社规资生态住建交通农业水务文旅卫健应急审计国资体育统计医保绿化机管房管市场粮储地震气象档案消防海洋港口民航邮政金融数据信访侨务台务外事宗教老龄妇幼青少残联工会知产邻里"
)

// forms are what organs are called: what stands behind the field of their work, in
// full and in short.
var forms = [4][2]string{{"委员会", "委"}, {"管理局", "局"}, {"工作办公室", "办"}, {"事务中心", "中心"}}

// Where there are more organs than a city has, the others are those of its districts,
// whose names are one character of each list.
const (
	firsts  = "安平宁和泰昌兴隆永康福祥瑞嘉清明长青新东"
	seconds = "城江山河湖岭原泉州桥"
)

var divisionNames = [4]string{"综合处", "业务一处", "业务二处", "发展规划处"}

// What a database of more proposals has is more departments and more delegates: a
// whole province in place of a city, and not one department with a hundred times as
// much work. So what one organ, one handler or one delegate has is about the same in
// each. An organ answers some 25 a year. A delegate hands in one or two, and signs
// about as many of others; those of ten years have served in two terms.

// organsOf is how many organs there are that must answer so many proposals of ten years.
func organsOf(proposals int) int { return max(4, proposals/250) }

// delegatesOf is how many delegates handed in so many proposals in ten years.
func delegatesOf(proposals int) int { return max(20, proposals/12) }

// settle puts the organs and their people on record.
func settle(ctx context.Context, tx pgx.Tx, proposals int, rnd *rand.Rand) (*city, error) {
	s := &settler{rnd: rnd}
	if err := s.findOverseers(ctx, tx); err != nil {
		return nil, err
	}
	for n := range organsOf(proposals) {
		s.organ(n)
	}
	s.People.Admin = s.user(casework.Admin, casework.User{})
	for range delegatesOf(proposals) {
		d := s.user(casework.Delegate, casework.User{})
		s.delegates = append(s.delegates, person{d.ID, d.Name})
		if len(s.delegates) == 1 {
			s.People.Delegate = d
		}
	}
	s.tokens()
	return &s.city, s.write(ctx, tx)
}

// A settler gathers the rows of those who are put on record.
type settler struct {
	city
	rnd                     *rand.Rand
	known                   int64 // the last organ of the migrations
	organRows, divisionRows [][]any
	userRows, tokenRows     [][]any
}

// findOverseers adds people to the offices that the migrations put on record.
func (s *settler) findOverseers(ctx context.Context, tx pgx.Tx) error {
	if err := tx.QueryRow(ctx, `SELECT max(id) FROM organs`).Scan(&s.known); err != nil {
		return err
	}
	for i, o := range []struct {
		oversees casework.Oversight
		user     *casework.User
	}{
		{casework.OverseesGovernment, &s.People.Government},
		{casework.OverseesCPPCC, &s.People.CPPCC},
		{casework.OverseesNPC, &s.People.NPC},
	} {
		var office organ
		if err := tx.QueryRow(ctx, `SELECT id, short_name FROM organs WHERE oversight = $1`, o.oversees).Scan(&office.id, &office.short); err != nil {
			return err
		}
		*o.user = s.user(casework.Supervisor, casework.User{OrganID: office.id, Oversight: o.oversees})
		who := person{o.user.ID, o.user.Name}
		for kind := range casework.Kinds {
			switch i {
			case 0:
				s.overseers[kind][0], s.receivers[kind][0] = office, who
			case kind + 1:
				s.overseers[kind][1], s.receivers[kind][1] = office, who
			}
		}
	}
	return nil
}

// named is the nth organ as it is called: first those of the city, then district by
// district.
func named(n int) organ {
	runes := []rune(fields)
	perPlace := 50 * len(forms)
	field, form := string(runes[n%50*2:n%50*2+2]), forms[n%perPlace/50]
	full, short, code := "上海市", "市", "沪"
	if d := n/perPlace - 1; d >= 0 {
		of, all := []rune(firsts), []rune(seconds)
		district := string(of[d%len(of)]) + string(all[d/len(of)])
		full, short, code = full+district+"区", district+"区", code+district
	}
	return organ{
		name: full + field + form[0], short: short + field + form[1],
		prefixes: [2]string{code + field + form[1] + "提复", code + field + form[1] + "建复"},
	}
}

func (s *settler) organ(n int) {
	o := named(n)
	o.id, o.pace = s.known+int64(n)+1, day(s.rnd.IntN(70))
	s.organRows = append(s.organRows, []any{o.id, o.name, o.short, o.name + "办公室", o.prefixes[0], o.prefixes[1]})
	office := s.user(casework.Office, casework.User{OrganID: o.id})
	leader := s.user(casework.Reviewer, casework.User{OrganID: o.id})
	o.office, o.leader = person{office.ID, office.Name}, person{leader.ID, leader.Name}
	for i, name := range divisionNames {
		v := division{name: name, id: int64(len(s.divisionRows) + 1)}
		s.divisionRows = append(s.divisionRows, []any{v.id, o.id, name})
		head := s.user(casework.Reviewer, casework.User{OrganID: o.id, DivisionID: v.id})
		v.head = person{head.ID, head.Name}
		for h := range 3 {
			handler := s.user(casework.Handler, casework.User{OrganID: o.id, DivisionID: v.id})
			v.handlers = append(v.handlers, person{handler.ID, handler.Name})
			if n+i+h == 0 {
				s.People.Office, s.People.Leader, s.People.Head, s.People.Handler = office, leader, head, handler
			}
		}
		o.divisions = append(o.divisions, v)
	}
	s.organs = append(s.organs, o)
}

// user adds a user, with a name to sign in that tells the role and a password that
// nobody has.
func (s *settler) user(role casework.Role, u casework.User) casework.User {
	surname, given := []rune(surnames), []rune(givens)
	u.Name = string(surname[s.rnd.IntN(len(surname))]) + string(given[s.rnd.IntN(len(given))])
	if s.rnd.IntN(4) > 0 {
		u.Name += string(given[s.rnd.IntN(len(given))])
	}
	u.ID, u.Roles = int64(len(s.userRows)+1), []casework.Role{role}
	s.userRows = append(s.userRows, []any{
		u.ID, string(role) + strconv.FormatInt(u.ID, 10), u.Name, "", []string{string(role)}, orNull(u.OrganID), orNull(u.DivisionID),
	})
	return u
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// tokens let the people call RPCs.
func (s *settler) tokens() {
	p := s.People
	for i, u := range []casework.User{p.Admin, p.Office, p.Handler, p.Head, p.Leader, p.Government, p.CPPCC, p.NPC, p.Delegate} {
		hash := sha256.Sum256([]byte(Token(u)))
		s.tokenRows = append(s.tokenRows, []any{
			int64(i + 1), u.ID, "api", "bench", hash[:], time.Unix(epoch, 0), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		})
	}
}

// write writes the rows, and lets the sequences go on behind them.
func (s *settler) write(ctx context.Context, tx pgx.Tx) error {
	for _, t := range []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"organs", []string{"id", "name", "short_name", "office_name", "cppcc_prefix", "npc_prefix"}, s.organRows},
		{"divisions", []string{"id", "organ_id", "name"}, s.divisionRows},
		{"users", []string{"id", "name", "display_name", "password_hash", "roles", "organ_id", "division_id"}, s.userRows},
		{"tokens", []string{"id", "user_id", "kind", "name", "hash", "created_at", "expires_at"}, s.tokenRows},
	} {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `SELECT setval(pg_get_serial_sequence($1, 'id'), $2)`, t.name, t.rows[len(t.rows)-1][0])
		if err != nil {
			return err
		}
	}
	return nil
}
