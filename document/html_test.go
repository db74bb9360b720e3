package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, page, want string }{
		{"blocks", "<div><p>甲</p><p>乙<h2>丙</h2>丁</div>戊", "甲\n乙\n丙\n丁\n戊\n"},
		{"inline elements", "<p>下一步，<b>我委</b>将<span>\n 建设</span></p>", "下一步，我委将 建设\n"},
		{"spaces of the source", "<p>\n  A  B\t\n C </p>\n <p>甲</p>", "A B C\n甲\n"},
		{"spaces of the letter", "<p>\u3000\u3000下一步&nbsp;&emsp;我委</p>", "\u3000\u3000下一步\u00a0\u2003我委\n"},
		{"breaks", "<p>甲<br>乙<br/><br>丙</p>", "甲\n乙\n\n丙\n"},
		{"preformatted", "<pre>甲\n  乙</pre>丙", "甲\n  乙\n丙\n"},
		{"entities", "<p>A&amp;B &lt;甲&gt; &#19968;&mdash;</p>", "A&B <甲> 一—\n"},
		{"what is not seen", `<head><style>p{}</style><title>题</title></head><script>甲</script><noscript>乙</noscript><p hidden>丙</p>
<p style="color:red; DISPLAY : none">丁</p><p style="mso-hide:all">戊</p><template>戊</template><textarea>己</textarea><select><option>庚</select><!-- 辛 --><p>壬</p>`, "壬\n"},
		{"fonts that nobody closed", "<p><font hidden>甲<b>乙<p>丙", "丙\n"}, // each would be opened anew in every paragraph
		{"table", "<table><caption>题</caption><tr><th>甲<td>乙</table>", "题\n甲\n乙\n"},
		{"ordered list", "<ol><li>甲<li hidden>无<li><p>乙</p></ol><ol start=4 type=A><li>丙</ol><ul><li>丁</ul>", "1. 甲\n2. 乙\nD. 丙\n丁\n"},
		{"list in a list", "<ol><li>甲<ol type=i><li>乙</ol><li>丙</ol>", "1. 甲\ni. 乙\n2. 丙\n"},
	} {
		got, err := Text("a.html", []byte("<html><body>"+test.page))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
