DROP FUNCTION exchanges_netting_switch_guard_1()
--;
DROP FUNCTION exchanges_netting_switch_guard_2()
--;
DROP FUNCTION exchanges_netting_part_guard_1()
--;
DROP FUNCTION exchanges_netting_part_guard_2()
--;
DROP FUNCTION exchanges_netting_part_guard_3()
--;
DROP FUNCTION exchanges_netting_part_guard_4()
--;
DROP FUNCTION exchanges_round_guard_1()
--;
DROP FUNCTION exchanges_round_guard_2()
--;
DROP FUNCTION exchanges_round_guard_3()
--;
DROP FUNCTION exchanges_round_guard_4()
--;
DROP FUNCTION exchanges_round_guard_5()
--;
DROP FUNCTION exchanges_round_guard_6()
--;
DROP FUNCTION exchanges_round_guard_7()
--;
DROP FUNCTION exchanges_round_guard_8()
--;
DROP FUNCTION exchanges_round_guard_9()
--;
DROP FUNCTION exchanges_round_guard_10()
--;
DROP FUNCTION exchanges_round_guard_11()
--;
DROP FUNCTION exchanges_round_guard_12()
--;
DROP FUNCTION exchanges_round_guard_13()
--;
DROP FUNCTION exchanges_round_guard_14()
--;
DROP FUNCTION exchanges_round_revision_guard_1()
--;
DROP FUNCTION exchanges_round_revision_guard_2()
--;
DROP FUNCTION exchanges_round_revision_guard_3()
--;
DROP FUNCTION exchanges_round_revision_guard_4()
--;
DROP FUNCTION exchanges_round_line_guard_1()
--;
DROP FUNCTION exchanges_round_line_guard_2()
--;
DROP FUNCTION exchanges_round_line_guard_3()
--;
DROP FUNCTION exchanges_round_line_guard_4()
--;
DROP FUNCTION exchanges_round_line_guard_5()
--;
DROP FUNCTION exchanges_round_notice_guard_1()
--;
DROP FUNCTION exchanges_round_notice_guard_2()
--;
DROP FUNCTION exchanges_round_notice_guard_3()
--;
DROP FUNCTION exchanges_round_notice_guard_4()
--;
DROP FUNCTION exchanges_round_notice_guard_5()
--;
DROP FUNCTION exchanges_round_notice_guard_6()
--;
DROP FUNCTION exchanges_round_notice_guard_7()
--;
DROP FUNCTION exchanges_rounds_never_emptied()
