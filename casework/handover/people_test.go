package handover_test

import (
	"strings"
	"testing"

	"fuyan/casework/handover"
)

// TestOrganisations are told from persons by their names alone.
func TestOrganisations(t *testing.T) {
	t.Parallel()
	for names, want := range map[string]bool{
		"民革 民盟 民建 民进 农工党 致公党 九三学社 九三 台盟 中国民主同盟会 农工民主党":          true,
		"民革市委 民盟上海市委 民建上海市委员会 民进市委会 农工党市委 致公党界别 九三学社上海市委 台盟市委":  true,
		"市妇联 市青联 市科协 市侨联 市台联 市工商联 上海市工商联 市总工会 团市委 共青团上海市委 共青团界": true,
		"妇联 科协 工商联界别 妇联界别组 市妇联委员会 科技界别 无党派人士":                   true,
		"经济委 社法委 教科卫体委 民宗委 人资环委 提案委员会 徐汇区委 第二小组 学习组":            true,
		"复旦大学 某研究中心 上海市教育局 特邀界别第一组":                             true,
		"张三 李建党 王国会 刘社 陈联 欧阳建党 马克":                              false,
		"阿布都热合曼 尼加提别克 买买提江 吐尔逊江 努尔兰别克 古丽娜孜 阿卜杜热依木 阿不都热西提·克里木":   false,
	} {
		for _, name := range strings.Fields(names) {
			p := read("案号|案由|提出人", "1|某|"+name).Proposers
			if len(p) != 1 || p[0].Name != name || p[0].Organisation != want {
				t.Errorf("%s = %+v, want an organisation: %v", name, p, want)
			}
		}
	}
}

// TestLink finds accounts of persons, and warns once where there is no single one.
func TestLink(t *testing.T) {
	t.Parallel()
	accounts := handover.AccountsOf([]handover.Account{
		{ID: 1, Name: "zhangsan", DisplayName: "张 三"},
		{ID: 2, Name: "lisi", DisplayName: "李四"},
		{ID: 3, Name: "lisi2", DisplayName: "李四"},
		{ID: 4, Name: "fulian", DisplayName: "市妇联"},
	})
	const without = "没有唯一对应的账号，提出人将看不到这件"
	for _, test := range []struct {
		names string
		ids   []int64
		words string
		good  bool
	}{
		{"张三", []int64{1}, "", true},
		{"张三、李四", []int64{1, 0}, "李四" + without, true},
		{"李四 @lisi2", []int64{3}, "", true},
		{"市妇联", []int64{0}, "", true},
		{"市妇联@fulian", []int64{4}, "", true},
		{"赵甲、赵乙、赵丙、张三、赵丁", []int64{0, 0, 0, 1, 0}, "赵甲、赵乙、赵丙等 4 位" + without, true},
		{"张三 @nobody", []int64{0}, "没有登录名为“nobody”的委员或代表", false},
	} {
		it := read("案号|案由|提出人", "1|某|"+test.names)
		it.Link(accounts)
		words := ""
		for _, p := range it.Problems {
			words += p.Words
		}
		if words != test.words || it.Good() != test.good || len(it.Proposers) != len(test.ids) {
			t.Errorf("%s: %q, good %v, %+v", test.names, words, it.Good(), it.Proposers)
			continue
		}
		for i, p := range it.Proposers {
			if p.UserID != test.ids[i] {
				t.Errorf("%s: %s has account %d, want %d", test.names, p.Name, p.UserID, test.ids[i])
			}
		}
	}
}

// TestSought are the people whom Link looks for, each once: of the accounts that are
// written the names to sign in with, of other persons their own.
func TestSought(t *testing.T) {
	t.Parallel()
	var items []handover.Item
	for _, names := range []string{"张　三、李四 @lisi2、市妇联", "张三、王五 @LISI2、市总工会@gonghui"} {
		items = append(items, read("案号|案由|提出人", "1|某|"+names))
	}
	names, shown := handover.Sought(items)
	if got := strings.Join(names, " "); got != "gonghui lisi2" {
		t.Errorf("sought by the names to sign in with: %s", got)
	}
	if got := strings.Join(shown, " "); got != "张三" {
		t.Errorf("sought by their own names: %s", got)
	}
}
