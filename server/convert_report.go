package server

import (
	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func toFigureFilter(f postgres.FigureFilter) *fuyanv1.FigureFilter {
	out := &fuyanv1.FigureFilter{
		AsOf: f.Day.String(), Kind: kinds.to[f.Kind], OrganId: f.OrganID,
		HandedOverFrom: f.From.String(), HandedOverTo: f.To.String(), Since: f.Since.String(),
	}
	if s := f.Sitting; s != nil {
		out.Sitting = &fuyanv1.Sitting{Body: s.Body, Term: int32(s.Term), Session: int32(s.Session)}
	}
	return out
}

func toFigure(f postgres.Figure, day casework.Date) *fuyanv1.Figure {
	return &fuyanv1.Figure{
		Code: f.Code, Name: f.Name, Formula: f.Formula, Basis: f.Basis, Unit: figureUnits.to[f.Unit],
		Numerator: f.Numerator, Denominator: f.Denominator, AsOf: day.String(),
	}
}

func toFigureEntry(e postgres.FigureEntry, today casework.Date) *fuyanv1.FigureEntry {
	out := &fuyanv1.FigureEntry{Proposal: toProposal(e.Proposal, today)}
	if e.Commitment != nil {
		out.Commitment = toCommitment(*e.Commitment, today)
	}
	if f := e.Form; f != nil {
		out.Form = &fuyanv1.FigureForm{
			Round: int32(f.Round), Proposer: f.Proposer, Attitude: string(f.Attitude), Result: string(f.Result),
		}
	}
	return out
}
