package server

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func toUser(a postgres.Account) *fuyanv1.User {
	return &fuyanv1.User{
		Id: a.User.ID, Version: a.User.Version, Name: a.User.Name, DisplayName: a.User.DisplayName,
		Roles:   roles.listTo(a.User.Roles),
		OrganId: orZero(a.User.OrganID), Organ: a.Organ,
		DivisionId: orZero(a.User.DivisionID), Division: a.Division, Disabled: a.User.Disabled,
	}
}

func toToken(id int64, name string, expires time.Time, revoked *time.Time) *fuyanv1.Token {
	return &fuyanv1.Token{Id: id, Name: name, ExpireTime: timestamppb.New(expires), RevokeTime: toTime(revoked)}
}

func toOrgan(o postgres.Organ) *fuyanv1.Organ {
	out := &fuyanv1.Organ{
		Id: o.ID, Name: o.Name, ShortName: o.ShortName, OfficeName: o.OfficeName,
		Oversight: oversights.to[o.Oversight], CppccPrefix: o.CppccPrefix, NpcPrefix: o.NpcPrefix,
	}
	for _, v := range o.Divisions {
		out.Divisions = append(out.Divisions, &fuyanv1.Division{Id: v.ID, Name: v.Name, MergedIntoId: orZero(v.MergedInto)})
	}
	return out
}

func fromOrgan(o *fuyanv1.Organ) postgres.Organ {
	var out postgres.Organ
	out.ID, out.Name, out.ShortName, out.OfficeName = o.Id, o.Name, o.ShortName, o.OfficeName
	out.Oversight, out.CppccPrefix, out.NpcPrefix = oversights.from[o.Oversight], o.CppccPrefix, o.NpcPrefix
	for _, v := range o.Divisions {
		out.Divisions = append(out.Divisions, postgres.Division{ID: v.Id, OrganID: o.Id, Name: v.Name})
	}
	return out
}

func orZero[N int32 | int64](n *N) N {
	if n == nil {
		return 0
	}
	return *n
}

// toTime returns nothing for no time.
func toTime(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}
