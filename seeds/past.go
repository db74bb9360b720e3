package seeds

import (
	"context"
	"fmt"
	"time"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/postgres"
)

// A past letter was answered before this program kept the record.
type past struct {
	file           string // its draft, under data/letters
	kind           casework.Kind
	sitting        casework.Sitting
	number         string
	title          string
	proposers      []string
	documentNumber string
	issued         casework.Date
	// As the letter prints them, and as they are recorded.
	resultLabel, publicityLabel string
	result, publicity           string
	published                   casework.Date
}

var pastLetters = []past{
	{
		file: "2021-0873", kind: casework.CPPCCProposal, sitting: casework.Sitting{Body: "市政协", Term: 13, Session: 4},
		number: "0873", title: "关于促进上海产学研联动发展的建议", proposers: []string{"赵蓓文"},
		documentNumber: "沪科提复〔2021〕116号", issued: date(2021, time.May, 26),
	},
	{
		file: "2022-0633", kind: casework.NPCSuggestion, sitting: casework.Sitting{Body: "市人大", Term: 15, Session: 6},
		number: "0633", title: "关于进一步扶持科技型中小企业发展的建议", proposers: []string{"鲁杰", "汤东英"},
		documentNumber: "沪科建复〔2022〕30号", issued: date(2022, time.August, 26),
	},
	{
		file: "2023-0539", kind: casework.CPPCCProposal, sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 1},
		number: "0539", title: "关于产业与科学的桥梁机制建立的建议", proposers: []string{"姜雪峰", "洪亮", "王彦"},
		documentNumber: "沪科提复〔2023〕45号", issued: date(2023, time.May, 16),
	},
	{
		file: "2024-0670", kind: casework.CPPCCProposal, sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 2},
		number: "0670", title: "关于‘上海加快出台促进科技服务业发展的系统规划’的提案", proposers: []string{"顾伟华", "芮海燕"},
		documentNumber: "沪科提复〔2024〕25号", issued: date(2024, time.May, 27),
		resultLabel: "解决采纳", publicityLabel: "主动公开·全文", result: "adopted", publicity: "full",
	},
	{
		file: "2025-0629", kind: casework.NPCSuggestion, sitting: casework.Sitting{Body: "市人大", Term: 16, Session: 3},
		number: "0629", title: "关于建设未来谷科技服务业集聚区 大力发展科技服务业龙头企业的建议", proposers: []string{"谢吉华"},
		documentNumber: "沪科建复〔2025〕13号", issued: date(2025, time.May, 19),
		publicity: "full", published: date(2025, time.November, 18),
	},
}

func date(year int, month time.Month, day int) casework.Date {
	return casework.Date{Year: year, Month: month, Day: day}
}

// facts is what is on record about the letter.
func (p past) facts() letter.Facts {
	copied := []string{"市政府办公厅建议提案处", "市政协提案办"}
	if p.kind == casework.NPCSuggestion {
		copied[1] = "市人大代表工作处"
	}
	o := organs[0]
	prefix := o.CppccPrefix
	if p.kind == casework.NPCSuggestion {
		prefix = o.NpcPrefix
	}
	return letter.Facts{
		Kind: p.kind, Sitting: p.sitting, Number: p.number, Title: p.title, Proposers: p.proposers,
		Organ: o.Name, OrganOffice: o.OfficeName, Prefix: prefix,
		Result: p.resultLabel, Publicity: p.publicityLabel,
		DocumentNumber: p.documentNumber, IssueDate: p.issued, CopiedTo: copied,
	}
}

// text is the whole letter.
func (p past) text() (string, error) {
	draft, err := data.ReadFile("data/letters/" + p.file + ".txt")
	return letter.Compose(p.facts(), string(draft)), err
}

func (l *loader) loadPast(ctx context.Context) error {
	for _, p := range pastLetters {
		if err := l.receivePast(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
	}
	return nil
}

func (l *loader) receivePast(ctx context.Context, p past) error {
	text, err := p.text()
	if err != nil {
		return err
	}
	n := postgres.NewProposal{
		Kind: p.kind, Sitting: p.sitting, Number: p.number, Title: p.title,
		Text: "（往年办结件，原文见交办单位存档。）", TextPublic: true,
		Letter: &postgres.OldLetter{
			Text: text, DocumentNumber: p.documentNumber, IssueDate: p.issued,
			Result: p.result, Publicity: p.publicity, Published: p.published,
		},
	}
	for _, name := range p.proposers {
		n.Proposers = append(n.Proposers, postgres.NewProposer{Name: name})
	}
	office := l.officeOf(answering)
	made, err := l.d.ReceiveProposal(ctx, call(office, 0), n)
	if err != nil {
		return err
	}
	return l.recordCommitments(ctx, office, made.ID, made.Round)
}

// recordCommitments does at once what the job queued at the issue does.
func (l *loader) recordCommitments(ctx context.Context, u casework.User, id int64, round int32) error {
	reply, err := l.d.ViewReply(ctx, u, id, round)
	if err != nil {
		return err
	}
	for _, issued := range reply.Letters {
		if err := l.d.DoRecordCommitments(ctx, postgres.RecordCommitments{LetterID: issued.Letter.ID}); err != nil {
			return err
		}
	}
	return nil
}
