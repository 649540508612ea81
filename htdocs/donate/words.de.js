// @ts-check
// What the widget says, in German.

/** @type {import('./words.js').Words} */
export default {
	title: 'Für {name} spenden',
	often: 'Wie oft',
	once: 'Einmalig', weekly: 'Wöchentlich', monthly: 'Monatlich',
	yearly: 'Jährlich',
	amount: 'Betrag',
	other: 'Anderer',
	own: 'Ihr Betrag ({currency})',
	raised: '{raised} von {goal} gesammelt',
	raisedOnly: '{raised} gesammelt',
	donors: 'Spenden: {n}',
	perks: 'Wählen Sie ein Dankeschön',
	noPerk: 'Nichts, danke',
	from: 'ab {amount}',
	left: 'Noch da: {n}',
	soldOut: 'Vergriffen',
	perkRaised: 'Der Betrag ist jetzt {amount}, das Mindeste für dieses ' +
	    'Dankeschön.',
	tip: 'Trinkgeld für den Betrieb dieses Dienstes',
	noTip: 'Kein Trinkgeld',
	cover: '{amount} dazugeben, um die Gebühren zu decken',
	firstName: 'Vorname', lastName: 'Nachname', email: 'E-Mail',
	optional: '{label} (freiwillig)',
	anonymous: 'Meinen Namen nicht zeigen',
	subscribe: 'Neuigkeiten per E-Mail erhalten',
	sum: '{often}: {amount}',
	sumTip: 'Trinkgeld {amount}', sumFees: 'Gebühren {amount}',
	total: 'Zusammen {amount}',
	donate: 'Spenden', donateSum: '{amount} spenden',
	donateTo: '{amount} für {name} spenden',
	safe: 'Sie zahlen auf einer gesicherten Seite. Hier wird nichts über ' +
	    'Ihre Karte eingegeben.',
	close: 'Schließen',
	loading: 'Wird geladen …',
	leaving: 'Die Zahlungsseite wird geöffnet …',
	again: 'Noch einmal versuchen',
	more: 'Noch einmal spenden',
	byLink: 'Auf unserer eigenen Seite spenden',
	asking: 'Einen Moment bitte',
	askingText: 'Wir fragen nach, ob Ihre Zahlung eingegangen ist.',
	thanks: 'Vielen Dank!',
	thanksText: 'Ihre Spende von {amount} für {name} ist eingegangen.',
	tokens: 'Dafür erhaltene Token: {n}',
	pending: 'Ihre Zahlung ist noch nicht bestätigt',
	pendingText: 'Manche Zahlungsarten brauchen Stunden oder Tage. Sie ' +
	    'können diese Seite schließen: Ihre Spende zählt, sobald die ' +
	    'Zahlung da ist.',
	askAgain: 'Noch einmal nachsehen',
	failed: 'Die Zahlung ist nicht zustande gekommen',
	failedText: 'Versuchen Sie es noch einmal, oder zahlen Sie auf ' +
	    'andere Weise.',
	refunded: 'Diese Spende wurde zurückgegeben',
	refundedText: '{amount} für {name} wurden erstattet.',

	needAmount: 'Bitte wählen Sie einen Betrag, zum Beispiel {amount}.',
	tooLow: 'Bitte geben Sie mindestens {amount}.',
	tooHigh: 'Bitte geben Sie höchstens {amount}.',
	perkLow: 'Dieses Dankeschön gibt es für Spenden ab {amount}.',
	needAnswer: 'Bitte beantworten Sie diese Frage.',
	badEmail: 'Bitte schreiben Sie eine Adresse wie name@example.org.',
	badField: 'Bitte prüfen Sie diese Angabe.',
	check: 'Bitte prüfen Sie, was markiert ist.',
	unreachable: 'Wir sind gerade nicht zu erreichen. Bitte versuchen ' +
	    'Sie es gleich noch einmal.',
	busy: 'Gerade spenden sehr viele. Bitte warten Sie ein wenig und ' +
	    'versuchen Sie es dann noch einmal.',
	payment: 'Der Zahlungsdienst antwortet gerade nicht. Bitte versuchen ' +
	    'Sie es gleich noch einmal.',
	perkGone: 'Dieses Dankeschön ist soeben ausgegangen. Bitte wählen ' +
	    'Sie ein anderes.',
	nobody: 'Diese Organisation kann zurzeit keine Spenden annehmen.',
	setUp: 'Dieses Formular ist nicht richtig eingerichtet. Bitte sagen ' +
	    'Sie es dem Betreiber dieser Seite.',
	wrong: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
	free: 'Es wurde nichts abgebucht.',
};
