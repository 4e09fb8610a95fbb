-- One row per person, with the roles, children and classes that stand now.
-- Key: user_id
with
    roles as (select user_id, list(role order by role) as roles from person_role group by user_id),
    children as (
        select g.guardian_id as user_id, list(p.full_name order by p.full_name) as children
        from guardian as g
        join person as p on p.user_id = g.learner_id
        group by all
    ),
    memberships as (
        select learner_id as user_id, class_id
        from class_learner
        union
        select user_id, class_id
        from class_teacher
    ),
    classes as (
        select m.user_id, list(s.class_name order by s.class_name) as classes
        from memberships as m
        join school_class as s on s.class_id = m.class_id
        group by all
    )

select
    p.user_id,
    p.full_name,
    p.username,
    p.external_id,
    p.email,
    coalesce(r.roles, []) as roles,
    p.is_active,
    coalesce(k.children, []) as children,
    coalesce(c.classes, []) as classes
from person as p
left join roles as r on r.user_id = p.user_id
left join children as k on k.user_id = p.user_id
left join classes as c on c.user_id = p.user_id
