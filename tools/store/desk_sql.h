#ifndef TOCSIN_TOOLS_DESK_SQL_H
#define TOCSIN_TOOLS_DESK_SQL_H

/* SQL that several queries of incidents share. */

/* The incidents that are shown under this number. */
#define DESK_PARTS(incident) "(SELECT id FROM incidents WHERE shown_in = " incident ")"

/* A table `chain` of ids: the incidents shown as ?1, those that they resume, and so on. */
#define DESK_CHAIN                                                                                                     \
    "WITH RECURSIVE chain (id) AS (SELECT id FROM incidents WHERE shown_in = ?1 UNION SELECT before.id FROM chain "    \
    "JOIN"                                                                                                             \
    " incidents AS after ON after.id = chain.id JOIN incidents AS named ON named.id = after.returns JOIN incidents AS" \
    " before ON before.shown_in = named.shown_in)"

/* Actions that set a field of a sheet, the last one for each field, for the incidents of a chain. */
#define DESK_FIELDS                                                                                                    \
    "(SELECT field, detail, who, time, max(number) AS number FROM actions WHERE kind = 'set' AND incident IN chain"    \
    " GROUP BY field)"

/*
 * A table `desk` of incidents as they are shown, with the decisions about each. A false alarm that has outgrown its
 * earlier size is open again; an incident that resumes a false alarm is one too.
 */
#define DESK_TABLE                                                                                                     \
    "WITH shown AS (SELECT shown_in AS id, max(tier) AS tier, max(attention) AS attention, sum(posts) AS posts,"       \
    " sum(reach) AS reach, min(first_time) AS first_time, max(last_time) AS last_time, count(*) AS parts,"             \
    " max(quiet_posts) AS quiet_posts FROM incidents GROUP BY shown_in), desk AS (SELECT shown.*, i.returns, i.about," \
    " (SELECT tier_id FROM incidents AS t WHERE t.shown_in = shown.id ORDER BY tier DESC LIMIT 1) AS tier_id,"         \
    " d.time AS decided, coalesce(d.who, '') AS who, coalesce(d.event, 0) AS event, CASE WHEN d.kind = 'acknowledge'"  \
    " THEN 'acknowledged' WHEN d.kind = 'close' THEN 'closed' WHEN shown.quiet_posts > 0 THEN 'false_alarm' ELSE"      \
    " 'open' END AS state FROM shown JOIN incidents AS i ON i.id = shown.id LEFT JOIN actions AS d ON d.number ="      \
    " (SELECT max(number) FROM actions WHERE kind IN ('acknowledge', 'close', 'false_alarm') AND incident IN"          \
    " (SELECT p.id FROM incidents AS p WHERE p.shown_in = shown.id)))"

/* Whether an incident is shown and, by the table `desk`, open; reads only this incident. */
#define DESK_IS_OPEN(incident)                                                                                         \
    "(SELECT max(quiet_posts) FROM incidents WHERE shown_in = " incident                                               \
    ") = 0 AND coalesce((SELECT kind FROM actions WHERE kind IN ('acknowledge', 'close', 'false_alarm') AND incident"  \
    " IN " DESK_PARTS(incident) " ORDER BY number DESC LIMIT 1), '') NOT IN ('acknowledge', 'close')"

/* The plan's name for a part of the list `list`: 'tiers', 'clauses', 'routes'; the English name, if there is one. */
#define DESK_NAME(list, id)                                                                                            \
    "coalesce((SELECT n.value ->> 'name' FROM meta AS m, json_each(m.value) AS n WHERE m.key IN (" list                \
    ", 'former_' || " list ") AND n.value ->> 'id' = " id " LIMIT 1), " id ")"
#define DESK_NAME_EN(list, id)                                                                                         \
    "coalesce((SELECT coalesce(n.value ->> 'name_en', n.value ->> 'name') FROM meta AS m, json_each(m.value) AS n"     \
    " WHERE m.key IN (" list ", 'former_' || " list ") AND n.value ->> 'id' = " id " LIMIT 1), " id ")"

#endif
