package handover

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// known are the parties and the organisations that hand proposals in, by the names
// that they go by: 民革, 市妇联, 民盟上海市委, 市工商联界别.
var known = regexp.MustCompile(`^(?:中国|上海市?|市|区)*` +
	`(?:民革|民盟|民建|民进|农工(?:民主)?党|农工|致公党?|九三学社|九三|台盟|无党派(?:人士)?|共青团|团|` +
	`妇联|青联|学联|科协|侨联|台联|工商联|文联|作协|社科联|残联|总工会|红十字会)` +
	`(?:上海)?[市区]?(?:委员会|委会|委|界别?|小?组|支部)?$`)

var (
	// collectives are how names of organisations end, however short they are.
	collectives = []string{"联", "协", "社", "党", "委", "会", "组", "界别"}
	// institutions are how longer ones end.
	institutions = []string{"界", "党派", "中心", "局", "集团", "公司", "大学", "学院"}
)

// surnames are common ones. One of them and one or two characters are a person,
// as 李建党 is.
var surnames = strings.Fields(`王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹
	彭 曾 肖 萧 田 董 潘 袁 于 蒋 蔡 余 杜 叶 程 苏 魏 吕 丁 任 沈 姚 卢 姜 崔 钟 谭 陆 汪 范 金 石 廖 贾 夏 韦 付 傅 方 白
	邹 孟 熊 秦 邱 江 尹 薛 闫 阎 段 雷 侯 龙 史 陶 黎 贺 顾 毛 郝 龚 邵 万 钱 严 覃 武 戴 莫 孔 汤 欧阳 司马 上官 诸葛 司徒`)

// sounds are characters by which names of other languages are written; a long name
// of nothing else is a person's, as 阿布都热合曼 is.
const sounds = "阿艾爱埃安奥巴白拜班贝比毕别波伯博卜布不才措达旦丹德得迪地丁东都杜顿多恩尔嘎尕噶盖甫格贡古哈海汗合赫胡吉加嘉江杰金" +
	"喀卡凯坎柯科克肯库拉来兰郎勒雷力里丽利林洛罗玛马麦买曼米明姆木穆那娜乃尼奴努诺欧帕皮普其齐琼曲热仁日茹肉萨塞赛桑森沙生斯松苏索" +
	"塔台特提铁图土吐托娃瓦万旺维沃乌吾西希夏逊牙雅亚娅扬耶叶伊衣依音因尤于玉扎则泽增赞哲珍孜卓祖素"

// organisation reports whether a name is one of an organisation: one that is known,
// by how such names end, or where no person's is so long.
func organisation(name string) bool {
	n := utf8.RuneCountInString(name)
	switch {
	case known.MatchString(name):
		return true
	case person(name, n):
		return false
	case endsIn(name, collectives):
		return true
	case endsIn(name, institutions):
		return n > 3
	}
	return n > 4 && !strings.ContainsAny(name, "·•．. ") && strings.Trim(name, sounds) != ""
}

// person reports whether a name of n characters is a surname and one or two more.
func person(name string, n int) bool {
	for _, s := range surnames {
		if strings.HasPrefix(name, s) && n <= utf8.RuneCountInString(s)+2 {
			return true
		}
	}
	return false
}

func endsIn(name string, ends []string) bool {
	for _, end := range ends {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
