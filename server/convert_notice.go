package server

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func toNotice(n postgres.Notice) *fuyanv1.Notice {
	out := &fuyanv1.Notice{
		Id: n.ID, Subject: n.Subject, Text: n.Body, Time: timestamppb.New(n.At), ReadTime: toTime(n.ReadAt),
		ProposalId: n.AboutProposal, CommitmentId: n.AboutCommitment, Due: n.Due.String(),
	}
	for _, s := range n.Deliveries {
		out.Deliveries = append(out.Deliveries, &fuyanv1.NoticeDelivery{
			Channel: noticeChannels.to[s.Channel], State: noticeDeliveryStates.to[s.State], Attempts: s.Attempts,
			Error: s.Error, SentTime: toTime(s.SentAt), MessageId: s.MessageID,
		})
	}
	return out
}

func toUpcoming(u postgres.Upcoming) *fuyanv1.UpcomingDeadline {
	out := &fuyanv1.UpcomingDeadline{
		ProposalId: u.ProposalID, Kind: kinds.to[u.Kind], Number: u.Number, Title: u.Title, Code: u.Rule,
		Promise: u.Promise, Due: u.Due.String(),
	}
	for _, n := range u.Notices {
		notice := &fuyanv1.UpcomingNotice{Time: timestamppb.New(n.At), Days: int32(n.Days)}
		for _, to := range n.To {
			notice.To = append(notice.To, &fuyanv1.UpcomingPerson{Name: to.Name, Role: noticeRoles.to[to.As]})
		}
		out.Notices = append(out.Notices, notice)
	}
	return out
}

func toLadders(list []postgres.Ladder) []*fuyanv1.Ladder {
	var out []*fuyanv1.Ladder
	for _, l := range list {
		ladder := &fuyanv1.Ladder{Code: l.Code, Every: int32(l.Every), Own: l.Own, Version: l.Version}
		for _, r := range l.Rungs {
			ladder.Rungs = append(ladder.Rungs, &fuyanv1.Rung{Days: int32(r.Days), Tells: noticeRoles.listTo(r.Tells)})
		}
		out = append(out, ladder)
	}
	return out
}

func toNoticeSettings(n postgres.NoticeSettings) *fuyanv1.NoticeSettings {
	return &fuyanv1.NoticeSettings{Version: n.Version, Mail: n.Mail, MailMode: mailModes.to[n.MailMode], WebhookUrl: n.WebhookURL}
}
