package web

import (
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func changePassword(in input) *fuyanv1.ChangePasswordRequest {
	return &fuyanv1.ChangePasswordRequest{
		RequestId: in.requestID, OldPassword: in.verbatim("old_password"), NewPassword: in.verbatim("new_password"),
	}
}

func createToken(in input) *fuyanv1.CreateTokenRequest {
	return &fuyanv1.CreateTokenRequest{RequestId: in.requestID, Name: in.text("name"), Days: in.number32("days")}
}

func revokeToken(in input) *fuyanv1.RevokeTokenRequest {
	return &fuyanv1.RevokeTokenRequest{RequestId: in.requestID, TokenId: in.number64("token_id")}
}

func createUser(in input) *fuyanv1.CreateUserRequest {
	return &fuyanv1.CreateUserRequest{
		RequestId: in.requestID, Name: in.text("name"), DisplayName: in.text("display_name"),
		Password: in.verbatim("password"), Roles: pickedRoles(in),
		OrganId: in.number64("organ_id"), DivisionId: in.number64("division_id"),
	}
}

func setRoles(in input) *fuyanv1.SetRolesRequest {
	return &fuyanv1.SetRolesRequest{
		RequestId: in.requestID, UserId: in.number64("user_id"), ExpectedVersion: in.version,
		Roles: pickedRoles(in), Disabled: in.flag("disabled"),
	}
}

func pickedRoles(in input) []fuyanv1.Role {
	var out []fuyanv1.Role
	for _, name := range in.values["roles"] {
		out = append(out, roles.value(name))
	}
	return out
}

// saveOrgan takes divisions line by line, 科技服务处 #3: the number is the identity
// of one that there is, so that its name may change; without it the line is a new
// one.
func saveOrgan(in input) *fuyanv1.SaveOrganRequest {
	organ := &fuyanv1.Organ{
		Id: in.number64("organ.id"), Name: in.text("organ.name"), ShortName: in.text("organ.short_name"),
		OfficeName: in.text("organ.office_name"), Oversight: picked(in, "organ.oversight", oversights),
		CppccPrefix: in.text("organ.cppcc_prefix"), NpcPrefix: in.text("organ.npc_prefix"),
	}
	for _, line := range strings.Split(in.text("organ.divisions"), "\n") {
		name, id, _ := strings.Cut(line, "#")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		n, _ := strconv.ParseInt(strings.TrimSpace(id), 10, 64)
		organ.Divisions = append(organ.Divisions, &fuyanv1.Division{Id: n, Name: name})
	}
	return &fuyanv1.SaveOrganRequest{RequestId: in.requestID, Organ: organ}
}

func mergeDivision(in input) *fuyanv1.MergeDivisionRequest {
	return &fuyanv1.MergeDivisionRequest{RequestId: in.requestID, DivisionId: in.number64("division_id"), IntoId: in.number64("into_id")}
}
