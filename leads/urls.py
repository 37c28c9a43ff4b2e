from django.urls import path, register_converter

from funnelcrm.converters import IdConverter
from leads.views import accounts, board, bulk, deal_list, deals, losses, moves, saved_views, steps, taste

register_converter(IdConverter, "id")

app_name = "leads"
urlpatterns = [
    path("", board.home, name="home"),
    path("board/", board.board, name="board"),
    path("board/column/<id:stage_id>/", board.column, name="column"),
    path("board/changes/", board.changes, name="changes"),
    path("board/tabs/", board.tabs, name="tabs"),
    path("board/density/", taste.density, name="density"),
    path("board/fold/<id:stage_id>/", taste.fold, name="fold"),
    path("board/views/save/", saved_views.save, name="save-view"),
    path("board/views/<id:pk>/delete/", saved_views.delete, name="delete-view"),
    path("deals/", deal_list.page, name="deals"),
    path("deals/lost/", deal_list.lost, name="lost-deals"),
    path("deals/new/", deals.new, name="new-deal"),
    path("deals/bulk/move/", bulk.move, name="bulk-move"),
    path("deals/bulk/assign/", bulk.assign, name="bulk-assign"),
    path("deals/bulk/lose/", bulk.lose, name="bulk-lose"),
    path("deals/<id:pk>/", deals.page, name="deal"),
    path("deals/<id:pk>/peek/", deals.peek, name="peek"),
    path("deals/<id:pk>/move/", moves.move, name="move"),
    path("deals/<id:pk>/lose/", losses.lose, name="lose"),
    path("deals/<id:pk>/reopen/", losses.reopen, name="reopen"),
    path("deals/<id:pk>/edit/", deals.edit, name="edit-deal"),
    path("deals/<id:pk>/delete/", deals.delete, name="delete-deal"),
    path("deals/<id:pk>/next-step/", steps.plan, name="plan"),
    path("deals/<id:pk>/log/", steps.log, name="log"),
    path("deals/<id:pk>/snooze/", steps.snooze, name="snooze"),
    path("touchpoints/<id:pk>/done/", steps.done, name="step-done"),
    path("touchpoints/<id:pk>/reschedule/", steps.reschedule, name="step-reschedule"),
    path("undo/<uuid:operation>/", moves.undo, name="undo"),
    path("accounts/suggest/", accounts.suggest, name="suggest-accounts"),
]
