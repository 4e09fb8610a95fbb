-- One row per guardian and child whose link stands now.
-- Key: guardian_id, learner_id
select guardian_id, learner_id, relationship from record.guardians where ended_at is null
