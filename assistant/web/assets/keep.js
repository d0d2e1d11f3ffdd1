(text, team, cycle, parent, profile) => ({
  text: text || "",
  team: team || "",
  cycle: cycle || "",
  parent: parent || "",
  profile: profile || "",
})
