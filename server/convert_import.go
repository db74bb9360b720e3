package server

import (
	"encoding/hex"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	"fuyan/casework"
	"fuyan/casework/handover"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func toImport(row postgres.Import) *fuyanv1.Import {
	i := row.HandOverImport
	return &fuyanv1.Import{
		Id: i.ID, Version: i.Version, FileName: i.FileName, Size: i.Size, Sha256: hex.EncodeToString(i.Sha256),
		Sheet: i.Sheet, UnreadSheets: i.Unread, HiddenRows: i.HiddenRows, State: importStates.to[i.State],
		HeaderLine: i.HeaderLine, RowCount: i.RowCount, ReceivedCount: i.ReceivedCount, RefusedCount: i.RefusedCount,
		Organ: row.Organ, UploadedBy: row.Uploader, UploadTime: timestamppb.New(i.UploadedAt),
		ConfirmedBy: row.Confirmer, ConfirmTime: toTime(i.ConfirmedAt), DoneTime: toTime(i.DoneAt),
	}
}

func toImportView(v postgres.ImportView) *fuyanv1.Import {
	out := toImport(v.Import)
	out.GoodCount = int32(v.Good)
	of := v.List.Defaults
	out.Defaults = &fuyanv1.ImportDefaults{
		Kind: kinds.to[of.Kind], Sitting: toSitting(of.Sitting), OrganId: of.OrganID, Role: assignmentRoles.to[of.Role],
		HandedOver: of.HandedOver.String(), NumberWidth: int32(of.NumberWidth),
		TextPublic: of.TextPublic, NoWrittenReply: of.NoWrittenReply,
	}
	headings := v.List.Headings()
	for n, f := range v.List.Columns {
		c := &fuyanv1.ImportColumn{Field: importFields.to[f], Samples: samples(v.List.Body(), n)}
		if n < len(headings) {
			c.Heading = strings.Join(strings.Fields(headings[n]), " ")
		}
		out.Columns = append(out.Columns, c)
	}
	return out
}

// mostSample is how many characters of a cell a sample shows.
const mostSample = 60

// samples are the first texts of a column that differ.
func samples(rows []handover.Row, column int) []string {
	var out []string
	for _, r := range rows {
		if column >= len(r.Cells) || len(out) == 3 {
			continue
		}
		text := []rune(strings.Join(strings.Fields(r.Cells[column]), " "))
		if len(text) > mostSample {
			text = append(text[:mostSample:mostSample], '…')
		}
		if s := string(text); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// toSitting is nil for none.
func toSitting(s casework.Sitting) *fuyanv1.Sitting {
	if s.Term == 0 {
		return nil
	}
	return &fuyanv1.Sitting{Body: s.Body, Term: int32(s.Term), Session: int32(s.Session)}
}

func fromImportDefaults(of *fuyanv1.ImportDefaults) (handover.Defaults, error) {
	day, err := dayIn("defaults.handed_over", of.HandedOver)
	return handover.Defaults{
		Kind:    kinds.from[of.Kind],
		Sitting: casework.Sitting{Body: of.Sitting.GetBody(), Term: int(of.Sitting.GetTerm()), Session: int(of.Sitting.GetSession())},
		OrganID: of.OrganId, Role: assignmentRoles.from[of.Role], HandedOver: day, NumberWidth: int(of.NumberWidth),
		TextPublic: of.TextPublic, NoWrittenReply: of.NoWrittenReply,
	}, err
}

// toImportRow says what is wrong with a row until it is settled, and then what
// became of it. What should be known of a row stays once it is received.
func toImportRow(it postgres.ImportItem) *fuyanv1.ImportRow {
	out := &fuyanv1.ImportRow{
		Line: int32(it.Line), Kind: kinds.to[it.Kind], Sitting: toSitting(it.Sitting), Number: it.Number, Title: it.Title,
		Organ: it.Organ, Role: assignmentRoles.to[it.Role], Helpers: it.Helpers, HandedOver: it.HandedOver.String(),
		ProposalId: it.ProposalID, Refused: it.Reason,
	}
	for _, p := range it.Proposers {
		out.Proposers = append(out.Proposers, p.Name)
		if p.Organisation {
			out.Organisations = append(out.Organisations, p.Name)
		}
	}
	for _, p := range it.Problems {
		if it.Outcome == "refused" || it.Outcome == "received" && !p.Warning {
			continue
		}
		out.Problems = append(out.Problems, &fuyanv1.ImportProblem{Field: importFields.to[p.Field], Words: p.Words, Warning: p.Warning})
	}
	return out
}
