package bench

import (
	"context"
	"crypto/sha256"
	"fmt"
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

var divisionNames = [4]string{"综合处", "业务一处", "业务二处", "发展规划处"}

// organsOf is how many organs a city has that must answer so many proposals.
func organsOf(proposals int) int { return min(200, max(8, proposals/500)) }

// settle puts the organs and their people on record.
func settle(ctx context.Context, tx pgx.Tx, proposals int, rnd *rand.Rand) (*city, error) {
	s := &settler{ctx: ctx, tx: tx, rnd: rnd}
	for n := range organsOf(proposals) {
		s.organ(n)
	}
	s.overseers()
	s.People.Admin = s.user(casework.Admin, casework.User{}).User
	for range min(3000, max(10, proposals/3)) {
		d := s.user(casework.Delegate, casework.User{})
		s.delegates = append(s.delegates, d.person())
		if len(s.delegates) == 1 {
			s.People.Delegate = d.User
		}
	}
	o := s.organs[0]
	division := o.divisions[0]
	of := func(p person, role casework.Role, division int64) casework.User {
		return casework.User{ID: p.id, Name: p.name, Roles: []casework.Role{role}, OrganID: o.id, DivisionID: division}
	}
	s.People.Office, s.People.Leader = of(o.office, casework.Office, 0), of(o.leader, casework.Reviewer, 0)
	s.People.Handler = of(division.handlers[0], casework.Handler, division.id)
	s.People.Head = of(division.head, casework.Reviewer, division.id)
	s.tokens()
	return &s.city, s.err
}

// A settler writes people, and remembers the first thing that went wrong.
type settler struct {
	city
	ctx   context.Context
	tx    pgx.Tx
	rnd   *rand.Rand
	users int
	err   error
}

func (s *settler) id(sql string, args ...any) (id int64) {
	if s.err == nil {
		s.err = s.tx.QueryRow(s.ctx, sql, args...).Scan(&id)
	}
	return id
}

func (s *settler) organ(n int) {
	runes := []rune(fields)
	field := string(runes[n%50*2 : n%50*2+2])
	form := forms[n/50]
	o := organ{
		name: "上海市" + field + form[0], short: "市" + field + form[1], pace: day(s.rnd.IntN(70)),
		prefixes: [2]string{"沪" + field + form[1] + "提复", "沪" + field + form[1] + "建复"},
	}
	o.id = s.id(`INSERT INTO organs (name, short_name, office_name, cppcc_prefix, npc_prefix) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		o.name, o.short, o.name+"办公室", o.prefixes[0], o.prefixes[1])
	o.office = s.user(casework.Office, casework.User{OrganID: o.id}).person()
	o.leader = s.user(casework.Reviewer, casework.User{OrganID: o.id}).person()
	for _, name := range divisionNames {
		v := division{name: name, id: s.id(`INSERT INTO divisions (organ_id, name) VALUES ($1, $2) RETURNING id`, o.id, name)}
		v.head = s.user(casework.Reviewer, casework.User{OrganID: o.id, DivisionID: v.id}).person()
		for range 3 {
			v.handlers = append(v.handlers, s.user(casework.Handler, casework.User{OrganID: o.id, DivisionID: v.id}).person())
		}
		o.divisions = append(o.divisions, v)
	}
	s.organs = append(s.organs, o)
}

// overseers adds people to the offices that the migrations put on record.
func (s *settler) overseers() {
	for i, o := range []struct {
		oversees casework.Oversight
		user     *casework.User
	}{
		{casework.OverseesGovernment, &s.People.Government},
		{casework.OverseesCPPCC, &s.People.CPPCC},
		{casework.OverseesNPC, &s.People.NPC},
	} {
		var office organ
		office.id = s.id(`SELECT id FROM organs WHERE oversight = $1`, o.oversees)
		if s.err == nil {
			s.err = s.tx.QueryRow(s.ctx, `SELECT short_name FROM organs WHERE id = $1`, office.id).Scan(&office.short)
		}
		who := s.user(casework.Supervisor, casework.User{OrganID: office.id, Oversight: o.oversees})
		*o.user = who.User
		for kind := range casework.Kinds {
			switch i {
			case 0:
				s.city.overseers[kind][0], s.receivers[kind][0] = office, who.person()
			case kind + 1:
				s.city.overseers[kind][1], s.receivers[kind][1] = office, who.person()
			}
		}
	}
}

// An account is a user of the database.
type account struct{ casework.User }

func (a account) person() person { return person{a.ID, a.Name} }

// user puts a user on record, with a name to sign in that tells the role and a
// password that nobody has.
func (s *settler) user(role casework.Role, u casework.User) account {
	surname, given := []rune(surnames), []rune(givens)
	u.Name = string(surname[s.rnd.IntN(len(surname))]) + string(given[s.rnd.IntN(len(given))])
	if s.rnd.IntN(4) > 0 {
		u.Name += string(given[s.rnd.IntN(len(given))])
	}
	s.users++
	u.Roles = []casework.Role{role}
	u.ID = s.id(`INSERT INTO users (name, display_name, password_hash, roles, organ_id, division_id)
		VALUES ($1, $2, '', $3, nullif($4, 0), nullif($5, 0)) RETURNING id`,
		fmt.Sprintf("%s%d", role, s.users), u.Name, u.Roles, u.OrganID, u.DivisionID)
	return account{u}
}

// tokens let the people call RPCs.
func (s *settler) tokens() {
	p := s.People
	for _, u := range []casework.User{p.Admin, p.Office, p.Handler, p.Head, p.Leader, p.Government, p.CPPCC, p.NPC, p.Delegate} {
		hash := sha256.Sum256([]byte(Token(u)))
		s.id(`INSERT INTO tokens (user_id, kind, name, hash, created_at, expires_at) VALUES ($1, 'api', 'bench', $2, $3, $4) RETURNING id`,
			u.ID, hash[:], time.Unix(epoch, 0), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
	}
}
